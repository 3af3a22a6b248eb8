import { GitError, type GitRepository } from '@shipit/git';
import { ReleaseIndex } from '../index-releases/release-index.js';
import type { LoggedCommit } from '../read-branch/commit-log.js';
import type { ReleaseGates } from './release-gates.js';

export interface Past {
  repository: GitRepository;
  folder: string;
  /** Newest first. */
  commits: readonly LoggedCommit[];
  since: Date;
}

/** So many commits by others are looked back on: enough for the busiest day. */
const MAX_COMMITS = 200;

/**
 * Reads how the branch stood before each commit that others made of late, oldest first: so a restart forgets no lock that was
 * lifted meanwhile. An index of its own reads only what differs from one commit to the next.
 */
export async function replayGates(gates: ReleaseGates, { repository, folder, commits, since }: Past): Promise<void> {
  const byOthers = commits.filter((commit) => commit.committedAt >= since && isByOthers(commit));
  const index = new ReleaseIndex(repository, folder);
  for (const { parents, committedAt } of byOthers.slice(0, MAX_COMMITS).reverse()) {
    const [before] = parents;
    if (before === undefined || !(await moveTo(index, before))) continue;
    gates.read({ index, locks: index.locks(), now: committedAt });
  }
}

function isByOthers({ trailers }: LoggedCommit): boolean {
  return trailers.deploys.length + trailers.rollbacks.length + trailers.requests.length === 0;
}

/** False where somebody forced that part of history away. */
async function moveTo(index: ReleaseIndex, commit: string): Promise<boolean> {
  try {
    await index.moveTo(commit);
    return true;
  } catch (error) {
    if (error instanceof GitError && error.code === 'SHIPIT_GIT_NOT_FOUND') return false;
    throw error;
  }
}
