import { badRequest } from '../api-error.js';
import type { ApiRequest } from './api-request.js';
import type { WriteContext } from './object-writer.js';

/** Who writes: what the client says, else the first word of its user agent. */
export function writeContext({ query, userAgent }: ApiRequest): WriteContext {
  const agent = userAgent.split('/')[0]?.trim() ?? '';
  const dryRun = query.get('dryRun');
  if (dryRun !== null && dryRun !== 'All') throw badRequest(`invalid dryRun value ${dryRun}: valid values are "All"`);
  return { manager: query.get('fieldManager') || agent || 'unknown', dryRun: dryRun === 'All' };
}
