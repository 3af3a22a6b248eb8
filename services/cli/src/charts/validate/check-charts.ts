import { type ChartArchive, ChartError, encodeRelease } from '@shipit/charts';
import { chartFolderOf, targetNameOf } from '@shipit/releases';
import type { ChartTools } from '../chart-tools.js';
import { chartProblems, needsVersion, renderProblems, renderWarnings, versionProblem } from './chart-problems.js';
import type { ChartUse } from './chart-use.js';
import { findChart, type FoundChart } from './find-chart.js';
import type { Problem } from './problem.js';

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
export async function checkCharts(releases: readonly ChartUse[], request: ChartsRequest): Promise<CheckedCharts> {
  const { isOffline, onProgress } = request;
  const isLeftOut = (release: ChartUse): boolean => isOffline && chartFolderOf(release.spec) === undefined;
  const wanted = new Map(releases.filter((release) => !isLeftOut(release)).map((release) => [keyOf(release), release]));
  const charts = new Map<string, FoundChart>();
  const silent = new Map<string, ChartError>();
  onProgress(`Fetching charts 0/${wanted.size}`);
  await inParallel([...wanted], async ([key, release]) => {
    charts.set(key, await findChart(release, { ...request, silent }));
    onProgress(`Fetching charts ${charts.size}/${wanted.size}`);
  });
  let rendered = 0;
  const problems = await inParallel(releases, async (release) => {
    const found = await checkRelease(release, charts.get(keyOf(release)) ?? {}, request);
    rendered += 1;
    onProgress(`Rendering releases ${rendered}/${releases.length}`);
    return found;
  });
  return {
    problems: problems.flat(),
    charts: [...charts.values()].filter(({ chart }) => chart !== undefined).length,
  };
}

async function checkRelease(
  release: ChartUse,
  { chart, failure, instead }: FoundChart,
  request: ChartsRequest,
): Promise<Problem[]> {
  return [
    ...(needsVersion(release) ? versionProblem(release, instead) : []),
    ...(failure ? chartProblems(release, failure) : []),
    ...(chart && release.isRenderable ? await tryRelease(release, chart, request) : []),
  ];
}

/** Renders, and packs what the deployer would record. */
async function tryRelease(
  release: ChartUse,
  chart: ChartArchive,
  { tools: { engine, renderer }, kubeVersion, apiVersions }: ChartsRequest,
): Promise<Problem[]> {
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

function keyOf({ spec: { chart } }: ChartUse): string {
  return JSON.stringify([chart.repository, chart.name, chart.version]);
}
