import { type ChartArchive, ChartError, encodeRelease } from '@shipit/charts';
import type { HelmReleaseSpec } from '@shipit/contracts';
import { chartFolderOf, targetNameOf } from '@shipit/releases';
import { CliError } from '../../output/cli-error.js';
import type { ChartTools } from '../chart-tools.js';
import { workingTree } from '../repository-root.js';
import { chartProblems, renderProblems, renderWarnings, versionProblems } from './chart-problems.js';
import type { Problem } from './problem.js';
import type { DeclaredRelease, ReleaseWithSpec } from './read-releases.js';

export interface ChartsRequest {
  tools: ChartTools;
  /** Where charts of the repository lie. */
  root: string;
  /** Only these are asked for; the others are left out. */
  isOffline: boolean;
  /** What templates see of the cluster; where absent, what `helm template` shows them. */
  kubeVersion: string | undefined;
  apiVersions: readonly string[];
  onProgress: (text: string) => void;
}

export interface CheckedCharts {
  problems: Problem[];
  /** Different charts that were fetched and read. */
  charts: number;
}

/** Servers are asked for so many charts at once. */
const atOnce = 4;

/** Fetches the charts that the releases name, each once, and renders each release as its first installation. */
export async function checkCharts(
  releases: readonly DeclaredRelease[],
  request: ChartsRequest,
): Promise<CheckedCharts> {
  const { isOffline, onProgress } = request;
  const known = releases.filter(
    (release): release is ReleaseWithSpec => release.isChecked && release.spec !== undefined,
  );
  const inexact = known.flatMap(versionProblems);
  const checked = known.filter(
    (release) => versionProblems(release).length === 0 && !(isOffline && chartFolderOf(release.spec) === undefined),
  );
  const wanted = new Map(checked.map((release) => [keyOf(release), release.spec.chart]));
  const charts = new Map<string, ChartArchive | ChartError>();
  onProgress(`Fetching charts 0/${wanted.size}`);
  await inParallel([...wanted], async ([key, chart]) => {
    charts.set(key, await fetchChart(chart, request));
    onProgress(`Fetching charts ${charts.size}/${wanted.size}`);
  });
  let rendered = 0;
  const problems = await inParallel(checked, async (release) => {
    const chart = charts.get(keyOf(release));
    const found =
      chart instanceof ChartError ? chartProblems(release, chart) : await tryRelease(release, chart, request);
    rendered += 1;
    onProgress(`Rendering releases ${rendered}/${checked.length}`);
    return found;
  });
  return {
    problems: [...inexact, ...problems.flat()],
    charts: [...charts.values()].filter((chart) => !(chart instanceof ChartError)).length,
  };
}

async function fetchChart(
  { repository, name, version = '' }: HelmReleaseSpec['chart'],
  { tools, root }: ChartsRequest,
): Promise<ChartArchive | ChartError> {
  try {
    const source = tools.chooseSource(repository);
    return await source.fetch({ repository, name, version }, { readRepository: workingTree(root) });
  } catch (error) {
    if (error instanceof ChartError) return error;
    // A folder of the repository that is too large, or may not be read.
    if (error instanceof CliError || (error instanceof Error && 'code' in error))
      return new ChartError('SHIPIT_CHART_ARCHIVE', `Reading chart ${name} of ${repository}: ${error.message}`);
    throw error;
  }
}

/** Renders, and packs what the deployer would record. */
async function tryRelease(
  release: ReleaseWithSpec,
  chart: ChartArchive | undefined,
  { tools: { engine, renderer }, kubeVersion, apiVersions }: ChartsRequest,
): Promise<Problem[]> {
  if (!chart) return [];
  const { spec } = release;
  const revision = { chart, values: [spec.values], ...targetNameOf(release, spec), revision: 1 };
  try {
    const rendered = await renderer.render({
      ...{ ...revision, isUpgrade: false, extraApiVersions: apiVersions },
      ...(kubeVersion !== undefined && { cluster: { kubeVersion } }),
    });
    const [firstDeployed, lastDeployed] = [new Date(0), new Date(0)];
    const status = 'pending-install';
    await encodeRelease(engine, { ...revision, rendered, status, description: '', firstDeployed, lastDeployed });
    return renderWarnings(release, rendered);
  } catch (error) {
    if (error instanceof ChartError) return renderProblems(release, chart, error);
    throw error;
  }
}

/** Does something to each, a few at a time; the results are in the order of the items. */
async function inParallel<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = items.entries();
  const work = async (): Promise<void> => {
    for (const [at, item] of left) results[at] = await act(item);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return results;
}

function keyOf({ spec: { chart } }: ReleaseWithSpec): string {
  return JSON.stringify([chart.repository, chart.name, chart.version]);
}
