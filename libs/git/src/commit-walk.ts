import type { GitCommit, HistoryLimits } from './git-repository.js';

/** Undefined: the repository has no such commit. */
export type ReadCommit = (id: string) => Promise<GitCommit | undefined>;

/**
 * Clocks of people differ: so many commits in a row must be too old before the walk believes that all the rest is.
 */
const SLOP = 16;

/** Commits reachable from one, newest first by commit time; a commit never comes before its child that was seen first. */
export async function* walkHistory(read: ReadCommit, from: string, limits: HistoryLimits): AsyncGenerator<GitCommit> {
  const { since, maxCount = Number.POSITIVE_INFINITY } = limits;
  const queue = new CommitQueue(read);
  await queue.add(from);
  let tooOld = 0;
  let yielded = 0;
  while (yielded < maxCount && tooOld < SLOP) {
    const commit = queue.takeNewest();
    if (!commit) return;
    if (since && commit.committedAt < since) {
      tooOld += 1;
    } else {
      tooOld = 0;
      yielded += 1;
      yield commit;
    }
    if (yielded < maxCount) for (const parent of commit.parents) await queue.add(parent);
  }
}

export async function walkToAncestor(read: ReadCommit, ancestor: string, descendant: string): Promise<boolean> {
  if (ancestor === descendant) return (await read(descendant)) !== undefined;
  const wanted = await read(ancestor);
  if (!wanted) return false;
  for await (const commit of walkHistory(read, descendant, { since: wanted.committedAt })) {
    if (commit.parents.includes(ancestor)) return true;
  }
  return false;
}

class CommitQueue {
  private readonly seen = new Set<string>();
  private readonly waiting: GitCommit[] = [];

  constructor(private readonly read: ReadCommit) {}

  async add(id: string): Promise<void> {
    if (this.seen.has(id)) return;
    this.seen.add(id);
    const commit = await this.read(id);
    if (!commit) return;
    const at = this.waiting.findIndex((other) => other.committedAt < commit.committedAt);
    if (at < 0) this.waiting.push(commit);
    else this.waiting.splice(at, 0, commit);
  }

  takeNewest(): GitCommit | undefined {
    return this.waiting.shift();
  }
}
