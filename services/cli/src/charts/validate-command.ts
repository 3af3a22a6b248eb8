import type { Command } from 'commander';
import type { CommandContext } from '../program.js';
import type { ValidateFlags } from './validate/validate.js';

const examples = `
Reads what the deployer would read: every YAML file but those of charts, and locks.yaml at the root of the releases.
Charts are fetched with the credentials of docker and helm, and rendered with the values of the release.

Examples:
  shipit validate                                  all below this folder
  shipit validate releases/team-a                  one folder; what the rest declares is known
  shipit validate --offline                        charts from servers are left out
  shipit validate --config shipit.yaml             with the clusters and the folder that Ship-it knows

Exit codes: 0 no errors, 1 errors found or no release at all below the folders, 2 the command was not understood`;

/** `shipit validate`. What it needs is loaded when it runs. */
export function addValidateCommand(program: Command, context: CommandContext): void {
  program
    .command('validate [PATH...]')
    .description('check releases, locks and the charts they name, as the deployer would; asks no server of Ship-it')
    .option('--root <DIR>', 'root of the GitOps repository, for ./charts (default: the git working tree around PATH)')
    .option('--config <FILE>', "Ship-it's configuration (shipit.yaml): checks spec.cluster, reads only git.path")
    .option('--offline', 'fetch nothing: only charts of the repository itself are rendered')
    .option('--plain-http', 'allow http:// chart repositories, as CHARTS_ALLOW_HTTP does for the deployer')
    .option('--kube-version <VERSION>', 'what templates see as the version of Kubernetes')
    .option(
      '-a, --api-versions <LIST>',
      'API versions that templates see besides the usual ones',
      (text: string, before: string[] = []) => [...before, ...text.split(',')],
    )
    .addHelpText('after', examples)
    .action(async (paths: string[], flags: ValidateFlags) => {
      const { validate } = await import('./validate/validate.js');
      await validate(context, paths, flags);
    });
}
