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
 * Reads how the branch stood when the time of which pushes are taken up began, and before and after each commit that others made
 * since, oldest first: so a restart forgets neither a lock that was lifted meanwhile nor one whose time was over. An index of its
 * own reads only what differs from one commit to the next.
 */
export async function replayGates(gates: ReleaseGates, { repository, folder, commits, since }: Past): Promise<void> {
  const byOthers = commits.filter((commit) => commit.committedAt >= since && isByOthers(commit));
  const moments = byOthers
    .slice(0, MAX_COMMITS)
    .reverse()
    .flatMap(({ id, parents, committedAt }) => [
      { commit: parents[0], now: committedAt },
      { commit: id, now: committedAt },
    ]);
  const index = new ReleaseIndex(repository, folder);
  for (const { commit, now } of [{ commit: tipAt(since, commits), now: since }, ...moments]) {
    if (commit === undefined || !(await moveTo(index, commit))) continue;
    gates.read({ index, locks: index.locks(), now });
  }
}

/** The branch's tip at that time, along first parents. */
function tipAt(time: Date, commits: readonly LoggedCommit[]): string | undefined {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  let id = commits[0]?.id;
  for (let commit = commits[0]; commit && commit.committedAt >= time; commit = byId.get(id ?? ''))
    [id] = commit.parents;
  return id;
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
