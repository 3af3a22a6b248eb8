import { type HelmRelease, releaseKey } from '@shipit/contracts';
import type { GitCommit } from '@shipit/git';
import { parseTrailers } from '@shipit/releases';
import type { SyncProblem } from './plan-sync.js';
import type { ReleaseChange } from './walk-changes.js';

/** So many releases may go at once without being asked about. */
export const removalsWithoutApproval = 3;

/**
 * More than three removals at once are more often an accident than a wish: they wait for `Allow-Removal: <n>` on a commit
 * that is no older than the oldest of the removals. An approval given for an earlier removal does not count again.
 */
export function approveRemovals(
  removals: readonly HelmRelease[],
  changes: ReadonlyMap<string, ReleaseChange>,
  walked: readonly GitCommit[],
): SyncProblem | undefined {
  if (removals.length <= removalsWithoutApproval) return undefined;
  const keys = removals.map(({ metadata }) => releaseKey(metadata));
  const removing = new Set(keys.map((key) => changes.get(key)?.commit.id));
  const oldest = walked.findLastIndex(({ id }) => removing.has(id));
  const since = walked.slice(0, oldest + 1);
  const allowed = Math.max(0, ...since.map(({ message }) => parseTrailers(message).allowRemoval ?? 0));
  if (allowed >= keys.length) return undefined;
  return {
    code: 'SHIPIT_REMOVALS_WAIT',
    message: `${keys.length} releases are gone from the repository (${keys.slice(0, 10).join(', ')}${keys.length > 10 ? ', …' : ''}): nothing is removed until a commit with the trailer "Allow-Removal: ${keys.length}"`,
  };
}
