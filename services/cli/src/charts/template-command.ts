import type { Command } from 'commander';
import type { CommandContext } from '../program.js';
import { addTemplateFlags, completeFlags } from './template-flags.js';

const examples = `
What "helm template" of Helm 4.3 prints, to the byte, without a helm and without a cluster. Of a file, every HelmRelease in
it is rendered as the deployer would; charts in ./folders are those of the git working tree around the file.

Examples:
  shipit template apps/web.yaml                          the releases of a file
  git show main:apps/web.yaml | shipit template -        the same from standard input
  shipit template apps/web.yaml -f secret-values.yaml    what valuesFrom would bring: below the values of the file
  shipit template web ./chart -n team -f prod.yaml --set replicas=3
  shipit template web oci://registry.example.com/charts/web --version 1.2.3
  shipit template web redis --repo https://charts.example.com --version ^2
  shipit template web ./chart -s templates/deployment.yaml
  shipit template web ./chart --json | jq .notes`;

/** `shipit template`. Helm itself is loaded when the command runs. */
export function addTemplateCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('template')
    .description('print the manifests of a chart or of the releases in a file; asks no server')
    .usage('[options] RELEASE.yaml | [NAME] CHART')
    .argument('[WORDS...]', 'a file of HelmReleases, or -; or a name and a folder, .tgz, oci:// or https:// address');
  addTemplateFlags(command)
    .addHelpText('after', examples)
    .action(async (words: string[], flags: Parameters<typeof completeFlags>[0]) => {
      const { template } = await import('./template.js');
      await template(context, { words, flags: completeFlags(flags) });
    });
}
