import { z } from 'zod';
import { ChartError } from './chart-error.js';
import type { ChartReference } from './chart-source.js';
import type { HelmEngine } from './helm-engine.js';

const Newest = z.object({ version: z.string() });

/** The newest of these versions within the range of a chart, as Helm chooses it; undefined where none fits. */
export async function newestOf(
  engine: HelmEngine,
  { repository, name, version }: ChartReference,
  versions: readonly string[],
): Promise<string | undefined> {
  const subject = `Choosing a version of chart ${name} from ${repository}`;
  const fields = { versions, range: version };
  const { result } = await engine.call({ operation: 'newestVersion', subject, fields });
  return Newest.parse(result).version || undefined;
}

/** In Helm's words. */
export function noSuchVersion({ repository, name, version }: ChartReference): ChartError {
  const wanted = version === '' ? `chart "${name}"` : `chart "${name}" version "${version}"`;
  return new ChartError('SHIPIT_CHART_NOT_FOUND', `${wanted} not found in ${repository} repository`);
}
