import { basename } from 'node:path';
import { ChartError } from './chart-error.js';
import type { ChartArchive } from './chart-renderer.js';
import { download, type DownloadOptions } from './download.js';
import { digestOf } from './pack-chart.js';
import { archiveLimits, readArchive } from './read-archive.js';

const TIMEOUT_SECONDS = 30;

/** A packed chart at an address of its own; its name and version are in it. @throws ChartError */
export async function downloadChart(address: string, options: DownloadOptions): Promise<ChartArchive> {
  const subject = `Fetching the chart at ${address}`;
  if (!URL.canParse(address)) throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: it is no address`);
  const url = new URL(address);
  const limits = { maxBytes: archiveLimits.packedBytes, timeoutSeconds: TIMEOUT_SECONDS };
  const { body: archive = new Uint8Array() } = await download(url, limits, options);
  await readArchive(subject, archive);
  return { archive, name: basename(url.pathname, '.tgz'), version: '', digest: digestOf(archive) };
}
