import { z } from 'zod';
import { ChartError } from './chart-error.js';
import type { ChartArchive } from './chart-renderer.js';
import type { ChartReference } from './chart-source.js';
import type { HelmEngine } from './helm-engine.js';
import { nameLargest } from './largest-file.js';

const Inspected = z.object({
  chart: z.object({ name: z.string(), version: z.string() }),
  ignored: z.array(z.string()).nullish(),
});

export interface InspectedChart {
  metadata: { name: string; version: string };
  /** Files that its .helmignore names. */
  ignored: readonly string[];
}

/** What a chart says of itself. @throws ChartError where it is no chart */
export async function inspectChart(engine: HelmEngine, subject: string, chart: ChartArchive): Promise<InspectedChart> {
  const call = engine.call({ operation: 'inspectChart', subject, fields: {}, chart });
  const { result } = await call.catch(async (error: unknown) => {
    throw error instanceof ChartError ? await nameLargest(error, chart) : error;
  });
  const { chart: metadata, ignored } = Inspected.parse(result);
  return { metadata, ignored: ignored ?? [] };
}

/** The chart that was asked for, whatever the place says where it was found. An empty version is any. */
export function checkIdentity(
  subject: string,
  found: { name: string; version: string },
  wanted: Pick<ChartReference, 'name' | 'version'>,
): void {
  if (found.name !== wanted.name) {
    throw new ChartError(
      'SHIPIT_CHART_NOT_FOUND',
      `${subject}: its Chart.yaml names chart ${found.name}, not ${wanted.name}`,
    );
  }
  if (wanted.version !== '' && found.version !== wanted.version) {
    throw new ChartError(
      'SHIPIT_CHART_NOT_FOUND',
      `${subject}: its Chart.yaml has version ${found.version}, the release asks for ${wanted.version}; write ${found.version} into spec.chart.version`,
    );
  }
}

/** For sources where name and version become part of an address. @throws ChartError where they are something else */
export function checkNames(subject: string, { name, version }: ChartReference): void {
  checkName(subject, name);
  if (!isExactVersion(version)) {
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `${subject}: ${JSON.stringify(version)} is not an exact version; write one like 1.2.3 into spec.chart.version`,
    );
  }
}

export function checkName(subject: string, name: string): void {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,127}$/.test(name)) {
    throw new ChartError('SHIPIT_CHART_SOURCE', `${subject}: ${JSON.stringify(name)} is not the name of a chart`);
  }
}

export function isExactVersion(version: string): boolean {
  return /^v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]{1,100})?(\+[0-9A-Za-z.-]{1,100})?$/.test(version);
}
