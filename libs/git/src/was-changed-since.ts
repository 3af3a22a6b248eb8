import type { GitCommit, GitRepository } from './git-repository.js';

/**
 * Whether a commit later than a time changed a file, along the branch's first parents.
 *
 * @param commits The branch's newest, newest first.
 */
export async function wasChangedSince(
  repository: GitRepository,
  commits: readonly GitCommit[],
  { path, since }: { path: string; since: Date },
): Promise<boolean> {
  const byId = new Map(commits.map((commit) => [commit.id, commit]));
  for (let commit = commits[0]; commit && commit.committedAt >= since; commit = byId.get(commit.parents[0] ?? '')) {
    const [parent] = commit.parents;
    if (parent === undefined || (await repository.changedPaths(parent, commit.id)).includes(path)) return true;
  }
  return false;
}
