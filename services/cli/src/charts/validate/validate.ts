import { availableParallelism } from 'node:os';
import { CliError } from '../../output/cli-error.js';
import type { CommandContext } from '../../program.js';
import type { ChartUse } from './chart-use.js';
import { checkCharts, type CheckedCharts } from './check-charts.js';
import { checkLocks } from './check-locks.js';
import { checkTogether } from './check-together.js';
import { findFiles, type FoundFiles } from './find-files.js';
import { inOrder, type Problem } from './problem.js';
import { printProblems } from './print-problems.js';
import { type KnownConfiguration, readConfig } from './read-config.js';
import { type DeclaredRelease, readReleases, unreadable } from './read-releases.js';

export interface ValidateFlags {
  root?: string;
  config?: string;
  offline?: boolean;
  plainHttp?: boolean;
  kubeVersion?: string;
  apiVersions?: string[];
}

/** `shipit validate`. */
export async function validate(context: CommandContext, paths: readonly string[], flags: ValidateFlags): Promise<void> {
  if (paths.includes('-')) throw new CliError('standard input has no place in a repository: name files or folders', 2);
  const config = flags.config === undefined ? undefined : readConfig(flags.config);
  const named = paths.length > 0 ? paths : ['.'];
  const found = await findFiles({ paths: named, root: flags.root, folder: config?.folder });
  const read = readReleases(found);
  const checked = read.releases.filter(({ isChecked }) => isChecked);
  const charts = await checkChartsOf(context, { uses: read.charts, found, flags });
  const problems = inOrder([
    ...found.unreadable.map(({ file, reason }) => unreadable(file, reason)),
    ...read.problems,
    ...checkBeside(found, read, config),
    ...charts.problems,
  ]);
  const counts = { files: found.files.length + found.locks.length, releases: checked.length, charts: charts.charts };
  // A wrong path must not pass. A file that was named is no wrong path, and locks may stand alone.
  const isNowhere = found.folders.length === named.length && !found.locks.some(({ isCertain }) => isCertain);
  printProblems(context, problems, counts, { emptyFolders: isNowhere ? found.folders : [] });
}

function checkBeside(
  { isWhole, locks }: FoundFiles,
  { releases, isComplete }: { releases: readonly DeclaredRelease[]; isComplete: boolean },
  config: KnownConfiguration | undefined,
): Problem[] {
  const isAll = isWhole && isComplete;
  const keys = isAll ? new Set(releases.map(({ key }) => key)) : undefined;
  return [
    ...checkTogether(releases, { clusters: config?.clusters, isWhole: isAll }),
    ...locks.flatMap((file) => checkLocks(file, keys)),
  ];
}

/** Helm is loaded only where there is something to render. */
async function checkChartsOf(
  context: CommandContext,
  { uses, found, flags }: { uses: readonly ChartUse[]; found: FoundFiles; flags: ValidateFlags },
): Promise<CheckedCharts> {
  if (uses.length === 0) return { problems: [], charts: 0 };
  const [{ openChartTools }, { kubeVersionFailure }] = await Promise.all([
    import('../chart-tools.js'),
    import('../helm-order.js'),
  ]);
  const tools = await openChartTools({
    warn: context.warn,
    environment: context.environment,
    allowPlainHttp: flags.plainHttp ?? false,
    workers: Math.min(availableParallelism(), 4),
  });
  try {
    const ofVersion = await kubeVersionFailure(tools.renderer, flags.kubeVersion);
    if (ofVersion) throw new CliError(ofVersion.message, 2);
    return await checkCharts(uses, {
      ...{ tools, root: found.root, isOffline: flags.offline ?? false, onProgress: context.progress },
      ...{ kubeVersion: flags.kubeVersion, apiVersions: flags.apiVersions ?? [] },
    });
  } finally {
    context.progress('');
    await tools.close();
  }
}
