import { z } from 'zod';
import { ChartError } from './chart-error.js';
import type { ChartReference } from './chart-source.js';
import type { HelmEngine } from './helm-engine.js';
import { noSuchVersion } from './newest-version.js';

export const MAX_INDEX_BYTES = 64 * 1024 * 1024;

const Found = z.object({
  entry: z.object({ version: z.string(), urls: z.array(z.string()).min(1), digest: z.string() }).optional(),
  versions: z.array(z.string()).nullish(),
});
/** `digest` in full form, undefined where the index has none. */
export interface IndexEntry {
  version: string;
  urls: readonly string[];
  digest: string | undefined;
}

/** The entry of an `index.yaml` for exactly this version. @throws ChartError where there is none */
export async function findInIndex(
  engine: HelmEngine,
  subject: string,
  { name, version }: ChartReference,
  index: Uint8Array,
): Promise<IndexEntry> {
  const { result } = await engine.call({ operation: 'findInIndex', subject, fields: { name, version }, blob: index });
  const found = Found.safeParse(result);
  if (!found.success)
    throw new ChartError('SHIPIT_CHART_DOWNLOAD', `${subject}: the entry in the index has no address`);
  const { entry } = found.data;
  if (entry) return { ...entry, digest: parseDigest(subject, entry.digest) };
  const others = found.data.versions?.join(', ');
  throw new ChartError(
    'SHIPIT_CHART_NOT_FOUND',
    `${subject}: the index has ${others ? `only the versions ${others}` : 'no chart of this name'}`,
  );
}

/** The newest version within a range that the index has. @throws ChartError, where there is none in Helm's words */
export async function newestInIndex(engine: HelmEngine, chart: ChartReference, index: Uint8Array): Promise<string> {
  const { repository, name, version } = chart;
  const subject = `Choosing a version of chart ${name} from ${repository}`;
  const fields = { name, version, isRange: true };
  const { result } = await engine.call({ operation: 'findInIndex', subject, fields, blob: index });
  const entry = Found.safeParse(result).data?.entry;
  if (entry) return entry.version;
  throw noSuchVersion(chart);
}

function parseDigest(subject: string, digest: string): string | undefined {
  if (digest === '') return undefined;
  const hex = digest.replace(/^sha256:/, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(hex)) {
    throw new ChartError('SHIPIT_CHART_DIGEST', `${subject}: the index has a digest that is not SHA-256`);
  }
  return `sha256:${hex}`;
}

/** @throws ChartError where the archive is not the one that the index describes */
export function checkIndexDigest(subject: string, digest: string, expected: string | undefined): void {
  if (expected === undefined || digest === expected) return;
  throw new ChartError(
    'SHIPIT_CHART_DIGEST',
    `${subject}: the archive has digest ${digest}, the index says ${expected}`,
  );
}
