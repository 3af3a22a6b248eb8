import { ChartError } from './chart-error.js';
import { checkIdentity, inspectChart } from './chart-identity.js';
import type { ChartArchive } from './chart-renderer.js';
import type { ChartReference } from './chart-source.js';
import type { HelmEngine } from './helm-engine.js';
import { packChart } from './pack-chart.js';
import { archiveLimits, checkFiles } from './read-archive.js';

/**
 * Packs a chart that lies in a folder, without what its .helmignore names.
 * @throws ChartError where it would be refused as an archive, or is another chart than the one asked for
 */
export async function packChecked(
  engine: HelmEngine,
  subject: string,
  chart: ChartReference,
  files: ReadonlyMap<string, Uint8Array>,
): Promise<ChartArchive> {
  await checkFiles(subject, files);
  const whole = await packChart(chart.name, chart.version, files);
  if (whole.archive.length > archiveLimits.packedBytes) {
    const reason = `packed, it is larger than ${archiveLimits.packedBytes} bytes`;
    throw new ChartError('SHIPIT_CHART_ARCHIVE', `${subject}: ${reason}`);
  }
  const { metadata, ignored } = await inspectChart(engine, subject, whole);
  checkIdentity(subject, metadata, chart);
  if (ignored.length === 0) return { ...whole, version: metadata.version };
  const kept = new Map([...files].filter(([path]) => !ignored.includes(path)));
  return packChart(chart.name, metadata.version, kept);
}
