import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type ChartArchive, ChartError, type ChartReference, type ChartSource, isExactVersion } from '@shipit/charts';
import { chartFolderOf } from '@shipit/releases';
import { CliError } from '../../output/cli-error.js';
import type { ChartTools } from '../chart-tools.js';
import { workingTree } from '../repository-root.js';
import { needsVersion } from './chart-problems.js';
import type { ChartUse } from './chart-use.js';
import { didYouMean } from './closest-word.js';

/** What became of a chart that a release names. */
export interface FoundChart {
  chart?: ChartArchive;
  failure?: ChartError;
  /** The version to write in place of one that is not exact. */
  instead?: string;
}

interface Places {
  tools: ChartTools;
  /** Where charts of the repository lie. */
  root: string;
  /** Servers that did not answer, with why: none is waited for again and again. */
  silent: Map<string, ChartError>;
}

/** Fetches a chart. Of one without an exact version it is found out whether it is there, and which version to write. */
export async function findChart(release: ChartUse, { tools, root, silent }: Places): Promise<FoundChart> {
  const { repository, name, version = '' } = release.spec.chart;
  const wanted = { repository, name, version };
  const server = serverOf(repository);
  const known = silent.get(server);
  if (known) return { failure: new ChartError(known.code, `${server} is not asked again: ${known.message}`) };
  try {
    const source = tools.chooseSource(repository);
    const fetch = (chart: ChartReference): Promise<ChartArchive> =>
      source.fetch(chart, { readRepository: workingTree(root) }).catch(async (error: unknown) => {
        throw await withHint(error, { source, wanted, root });
      });
    if (!needsVersion(release)) return { chart: await fetch(wanted) };
    const newest = await newestOf(source, wanted);
    const instead = `${newest.version}, the newest that ${newest.isWithin ? 'it means' : 'there is'}`;
    return newest.isWithin ? { instead, chart: await fetch({ ...wanted, version: newest.version }) } : { instead };
  } catch (error) {
    const failure = asFailure(error, wanted);
    if (failure.isTransient && !/the server answered \d/.test(failure.message)) silent.set(server, failure);
    return { failure };
  }
}

function serverOf(repository: string): string {
  return /^[a-z0-9+]+:\/\/([^/]*)/i.exec(repository)?.[1] ?? '';
}

/** The newest version within a range; where there is none, the newest. */
async function newestOf(source: ChartSource, chart: ChartReference): Promise<{ version: string; isWithin: boolean }> {
  const newest = (range: string): Promise<string> => source.resolveVersion({ ...chart, version: range });
  const within = chart.version === '' ? '' : await newest(chart.version).catch(() => '');
  // What a source cannot list it gives back as it is.
  if (isExactVersion(within)) return { version: within, isWithin: true };
  return { version: await newest(''), isWithin: false };
}

/** For a chart that is not there: what is. */
async function withHint(
  error: unknown,
  { source, wanted, root }: { source: ChartSource; wanted: ChartReference; root: string },
): Promise<unknown> {
  if (!(error instanceof ChartError) || error.code !== 'SHIPIT_CHART_NOT_FOUND') return error;
  return new ChartError(error.code, error.message + (await hintFor(source, wanted, root)), { cause: error });
}

async function hintFor(source: ChartSource, wanted: ChartReference, root: string): Promise<string> {
  const folder = chartFolderOf({ chart: wanted });
  if (folder !== undefined) {
    const beside = await chartsBeside(root, folder);
    return beside.includes(wanted.name) ? '' : didYouMean(wanted.name, beside);
  }
  // The index of a repository names the versions itself.
  if (!/^(oci|s3):/.test(wanted.repository)) return '';
  const newest = await source.resolveVersion({ ...wanted, version: '' }).catch(() => '');
  return newest === '' ? '; no version of a chart of this name is seen there' : `; the newest there is ${newest}`;
}

function asFailure(error: unknown, { repository, name }: ChartReference): ChartError {
  if (error instanceof ChartError) return error;
  // A folder of the repository that is too large, or may not be read.
  if (error instanceof CliError || (error instanceof Error && 'code' in error))
    return new ChartError('SHIPIT_CHART_ARCHIVE', `Reading chart ${name} of ${repository}: ${error.message}`);
  throw error;
}

/** Names of the charts in the folder that one is missing from. */
async function chartsBeside(root: string, folder: string): Promise<string[]> {
  const parent = join(root, folder, '..');
  const names = await readdir(parent).catch(() => []);
  const charts = names.slice(0, maxBeside).map(async (name) => {
    const about = await stat(join(parent, name, 'Chart.yaml')).catch(() => undefined);
    return about?.isFile() ? [name] : [];
  });
  return (await Promise.all(charts)).flat();
}

const maxBeside = 500;
