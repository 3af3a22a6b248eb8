import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { type ChartArchive, ChartError, downloadChart, readLocalChart } from '@shipit/charts';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import type { ChartTools } from './chart-tools.js';

export interface WantedChart {
  /** As a person writes it: a folder, a packed chart, an address, or a name in `repo`. */
  chart: string;
  /** Empty: none. */
  repo: string;
  /** Exact or a range; empty: the newest. */
  version: string;
}

/**
 * Finds a chart where Helm would, and returns what reads it: charts from servers are there by then, those of this machine
 * are not read yet.
 *
 * @throws CliError and ChartError, where Helm refuses the same in Helm's words
 */
export async function locateChart(
  tools: ChartTools,
  context: CommandContext,
  { chart, repo, version }: WantedChart,
): Promise<() => Promise<ChartArchive>> {
  if (repo === '' && (await stat(chart).catch(() => undefined))) return () => readLocal(context, resolve(chart));
  const fetched = await fetchChart(tools, { chart, repo, version });
  return () => Promise.resolve(fetched);
}

async function readLocal(context: CommandContext, path: string): Promise<ChartArchive> {
  const { links, ...chart } = await readLocalChart(path);
  for (const link of links) context.warn(`${link.path} is a symbolic link; what is in ${link.resolved} is used`);
  return chart;
}

async function fetchChart(tools: ChartTools, { chart, repo, version }: WantedChart): Promise<ChartArchive> {
  if (repo !== '') return fetchNewest(tools, { repository: repo, name: chart, version });
  if (isAbsolute(chart) || chart.startsWith('.')) throw new CliError(`path ${JSON.stringify(chart)} not found`);
  if (chart.startsWith('oci://')) return fetchFromRegistry(tools, chart, version);
  if (/^https?:\/\//.test(chart)) return downloadChart(chart, tools.sourceOptions);
  if (/^(s3|git\+https?):\/\//.test(chart))
    throw new CliError(`${chart}: name the chart, and give the address of what it lies in with --repo`);
  const [, scheme] = /^([^/:]+):\/\//.exec(chart) ?? [];
  if (scheme !== undefined) throw new CliError(`scheme ${JSON.stringify(scheme)} not supported`);
  const [repository, ...names] = chart.split('/');
  if (names.length > 0) throw new CliError(`repo ${repository} not found`);
  throw new CliError(`non-absolute URLs should be in form of repo_name/path_to_chart, got: ${chart}`);
}

async function fetchFromRegistry(tools: ChartTools, address: string, asked: string): Promise<ChartArchive> {
  const { tag, digest, ...chart } = partsOf(address);
  if (asked !== '' && tag !== '' && asked !== tag)
    throw new CliError(`chart reference and version mismatch: ${asked} is not ${tag}`);
  const wanted = { ...chart, version: asked || tag };
  const fetched = digest === '' ? fetchNewest(tools, wanted) : tools.registries.fetchByDigest(wanted, digest);
  return fetched.catch((error: unknown) => {
    const isWithoutTls = error instanceof ChartError && error.reason.includes('it speaks no TLS');
    throw isWithoutTls ? error.withHint(', or say --plain-http for a registry on this machine') : error;
  });
}

/** A version may stand behind it as a tag, and the digest of the manifest; empty where they do not. */
function partsOf(address: string): { repository: string; name: string; tag: string; digest: string } {
  const [, repository, name = '', tag = '', digest = ''] =
    /^(oci:\/\/.+)\/([^/:@]+)(?::([^/@]+))?(?:@(sha256:[0-9a-f]{64}))?$/.exec(address) ?? [];
  if (repository !== undefined) return { repository, name, tag, digest };
  const form = 'oci://host/path/name, with :version or @sha256:digest where wanted';
  throw new CliError(`${address}: a chart in a registry is written ${form}`);
}

async function fetchNewest(
  tools: ChartTools,
  wanted: { repository: string; name: string; version: string },
): Promise<ChartArchive> {
  const source = tools.chooseSource(wanted.repository);
  return source.fetch({ ...wanted, version: await source.resolveVersion(wanted) }, {});
}
