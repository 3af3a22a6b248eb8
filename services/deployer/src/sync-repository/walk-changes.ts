import type { GitCommit } from '@shipit/git';
import type { DesiredReleases } from './desired-releases.js';
import type { ReleasesInGit } from './releases-in-git.js';

/** How far back the commit that changed a release is looked for. */
const maxCommits = 50;

export interface ReleaseChange {
  /** The newest commit that made the release what it is at the tip; for a removed one, that took it away. */
  commit: GitCommit;
}

/**
 * Finds for each release the newest commit, along the branch's first parents, that changed it. A release that was not
 * changed within the last commits has no entry.
 */
export async function walkChanges(
  source: ReleasesInGit,
  tip: DesiredReleases,
  keys: readonly string[],
): Promise<{ changes: Map<string, ReleaseChange>; walked: GitCommit[] }> {
  const changes = new Map<string, ReleaseChange>();
  const walked: GitCommit[] = [];
  const open = new Set(keys);
  const commits = await recentCommits(source, tip.commit);
  let after = tip;
  for (let commit = commits.get(tip.commit); commit && open.size > 0; commit = commits.get(commit.parents[0] ?? '')) {
    walked.push(commit);
    const before = await declaredBefore(source, commit, after, commits);
    if (!before) break;
    for (const key of open) {
      if (before.releases.get(key)?.content === after.releases.get(key)?.content) continue;
      changes.set(key, { commit });
      open.delete(key);
    }
    after = before;
  }
  return { changes, walked };
}

async function recentCommits(source: ReleasesInGit, tip: string): Promise<Map<string, GitCommit>> {
  const commits = new Map<string, GitCommit>();
  for await (const commit of source.git.history(tip, { maxCount: maxCommits })) commits.set(commit.id, commit);
  return commits;
}

/** What the parent declares: nothing before the first commit, undefined where the history is not known that far. */
async function declaredBefore(
  source: ReleasesInGit,
  commit: GitCommit,
  after: DesiredReleases,
  known: ReadonlyMap<string, GitCommit>,
): Promise<DesiredReleases | undefined> {
  const parent = commit.parents[0];
  if (parent === undefined) return { ...after, commit: '', releases: new Map() };
  return known.has(parent) ? source.at(parent) : undefined;
}
