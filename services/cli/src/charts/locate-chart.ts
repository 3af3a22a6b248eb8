import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { type ChartArchive, downloadChart, readLocalChart } from '@shipit/charts';
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

/** Finds a chart where Helm would. @throws CliError and ChartError, where Helm refuses the same in Helm's words */
export async function locateChart(
  tools: ChartTools,
  context: CommandContext,
  { chart, repo, version }: WantedChart,
): Promise<ChartArchive> {
  if (repo !== '') return fetchNewest(tools, { repository: repo, name: chart, version });
  if (await stat(chart).catch(() => undefined)) return readLocal(context, chart);
  if (isAbsolute(chart) || chart.startsWith('.')) throw new CliError(`path ${JSON.stringify(chart)} not found`);
  if (chart.startsWith('oci://')) return fetchFromRegistry(tools, chart, version);
  if (/^https?:\/\//.test(chart)) return downloadChart(chart, tools.sourceOptions);
  const [repository, ...names] = chart.split('/');
  if (names.length > 0) throw new CliError(`repo ${repository} not found`);
  throw new CliError(`non-absolute URLs should be in form of repo_name/path_to_chart, got: ${chart}`);
}

async function readLocal(context: CommandContext, path: string): Promise<ChartArchive> {
  const { links, ...chart } = await readLocalChart(path);
  for (const link of links) context.warn(`${link.path} is a symbolic link; what is in ${link.resolved} is used`);
  return chart;
}

/** `oci://host/path/name`, with the version as a tag or digest behind it. */
async function fetchFromRegistry(tools: ChartTools, address: string, version: string): Promise<ChartArchive> {
  const [, repository = '', name = '', tag = ''] = /^(oci:\/\/.+)\/([^/:@]+)(?::([^/@]+))?$/.exec(address) ?? [];
  if (version !== '' && tag !== '' && version !== tag)
    throw new CliError(`chart reference and version mismatch: ${version} is not ${tag}`);
  if (repository === '') throw new CliError(`${address}: a chart in a registry is written oci://host/path/name`);
  return fetchNewest(tools, { repository, name, version: version || tag });
}

async function fetchNewest(
  tools: ChartTools,
  wanted: { repository: string; name: string; version: string },
): Promise<ChartArchive> {
  const source = tools.chooseSource(wanted.repository);
  return source.fetch({ ...wanted, version: await source.resolveVersion(wanted) }, {});
}
