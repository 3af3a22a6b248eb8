import { z } from 'zod';
import { ChartError } from './chart-error.js';
import type { ChartReference } from './chart-source.js';
import type { Downloaded } from './download.js';
import type { HelmEngine } from './helm-engine.js';
import { newestOf } from './newest-version.js';
import { parseJson } from './parse-json.js';

const Tags = z.object({ tags: z.array(z.string()).nullish() });
const MAX_PAGES = 50;
const VERSION = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/;

/** The tags of a repository that are versions, in which `_` stands for `+`. */
export async function versionTags(subject: string, get: (path: string) => Promise<Downloaded>): Promise<string[]> {
  const versions: string[] = [];
  let query = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const { body, headers } = await get(`tags/list${query}`).catch((cause: unknown) => {
      throw isAbsent(cause) ? absent(subject, cause) : cause;
    });
    const { tags } = parseJson(subject, body, Tags);
    versions.push(...(tags ?? []).map((tag) => tag.replace('_', '+')).filter((tag) => VERSION.test(tag)));
    const [, next] = /^<[^?>]*tags\/list(\?[^>]*)>;\s*rel="?next"?/.exec(String(headers.link ?? '')) ?? [];
    if (next === undefined) return versions;
    query = next;
  }
  throw new ChartError(
    'SHIPIT_CHART_DOWNLOAD',
    `${subject}: the registry lists its tags on more than ${MAX_PAGES} pages`,
  );
}

function isAbsent(error: unknown): boolean {
  return error instanceof ChartError && error.code === 'SHIPIT_CHART_NOT_FOUND';
}

function absent(subject: string, cause: unknown): ChartError {
  const reason = 'the registry has no chart of this name there, or does not show it to us';
  return new ChartError('SHIPIT_CHART_NOT_FOUND', `${subject}: ${reason}`, { cause });
}

/** @throws ChartError, where none fits in Helm's words */
export async function newestVersion(
  engine: HelmEngine,
  chart: ChartReference,
  versions: readonly string[],
): Promise<string> {
  const { repository, name, version } = chart;
  if (versions.length === 0) {
    const reason = `unable to locate any tags in provided repository: ${repository}/${name}`;
    throw new ChartError('SHIPIT_CHART_NOT_FOUND', reason);
  }
  const newest = await newestOf(engine, chart, versions);
  if (newest !== undefined) return newest;
  const reason = `could not locate a version matching provided version string ${version}`;
  throw new ChartError('SHIPIT_CHART_NOT_FOUND', reason);
}
