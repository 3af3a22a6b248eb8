import type { Command } from 'commander';
import { readAsHelm } from './helm-flags.js';

/** The flags of `shipit template`, each with the meaning it has for Helm. */
export interface TemplateFlags {
  namespace: string;
  values: string[];
  set: string[];
  setString: string[];
  setJson: string[];
  setFile: string[];
  setLiteral: string[];
  /** Of a release file: where ./charts begins. */
  root?: string;
  version: string;
  repo: string;
  kubeVersion?: string;
  apiVersions: string[];
  showOnly: string[];
  includeCrds?: boolean;
  /** False with --no-hooks. */
  hooks: boolean;
  skipTests?: boolean;
  isUpgrade?: boolean;
  plainHttp?: boolean;
}

export function addTemplateFlags(command: Command): Command {
  const each = (text: string, before: string[] = []): string[] => [...before, text];
  const eachOfList = (text: string, before: string[] = []): string[] => [...before, ...splitList(text)];
  return readAsHelm(command)
    .option('-n, --namespace <NAME>', 'namespace of the release (default: HELM_NAMESPACE, else default)')
    .option('-f, --values <FILE>', 'values in a YAML file; - is standard input; may be repeated', eachOfList)
    .option('--set <KEY=VALUE>', 'a value; may be repeated', each)
    .option('--set-string <KEY=VALUE>', 'a value that is text', each)
    .option('--set-json <KEY=JSON>', 'a value in JSON', each)
    .option('--set-file <KEY=FILE>', 'a value that is the content of a file', each)
    .option('--set-literal <KEY=VALUE>', 'a value that is text, with commas and quotes as they are', each)
    .option('--version <VERSION>', 'version of the chart, or a range such as ^1.2')
    .option('--repo <URL>', 'chart repository in which CHART is a name')
    .option('--kube-version <VERSION>', 'what templates see as the version of Kubernetes')
    .option('-a, --api-versions <LIST>', 'API versions that templates see besides the usual ones', eachOfList)
    .option('-s, --show-only <TEMPLATE>', 'only what this template made, such as templates/*.yaml', each)
    .option('--include-crds', 'with the files of crds/')
    .option('--no-hooks', 'without hooks')
    .option('--skip-tests', 'without the hooks that are tests')
    .option(
      '--root <DIR>',
      'of a release file: root of the GitOps repository (default: the git working tree around it)',
    )
    .option('--plain-http', 'ask registries on this machine without TLS; of a release file, allow http:// repositories')
    .option('--is-upgrade', 'templates see an upgrade, not an installation');
}

/** What was given, with what is empty for flags that were not there. */
export function completeFlags(given: Partial<TemplateFlags> & Pick<TemplateFlags, 'hooks'>): TemplateFlags {
  const none = { values: [], set: [], setString: [], setJson: [], setFile: [], setLiteral: [] };
  return { ...none, apiVersions: [], showOnly: [], namespace: '', version: '', repo: '', ...given };
}

/** Commas separate, but not within double quotes, which are doubled to stand for themselves. */
function splitList(text: string): string[] {
  if (text === '') return [];
  const parts = text.match(/(?:"(?:[^"]|"")*"|[^,])+|(?<=,|^)(?=,|$)/g) ?? [];
  return parts.map((part) => (/^".*"$/s.test(part) ? part.slice(1, -1).replaceAll('""', '"') : part));
}
