import type { GitCommit, GitRepository } from '@shipit/git';
import { parseTrailers, type CommitTrailers } from '@shipit/releases';

export interface LoggedCommit extends GitCommit {
  trailers: CommitTrailers;
}

/** So many commits are looked at however recent the push is: a person's step back is found in them. */
const MIN_COMMITS = 500;
const MAX_COMMITS = 20_000;

/** What commits say about deployments, newest first. History is the only memory of what was done already. */
export class CommitLog {
  private readonly trailers = new Map<string, CommitTrailers>();

  constructor(private readonly repository: GitRepository) {}

  /** All commits back to a time, and at least the newest 500. */
  async read(tip: string, since: Date): Promise<LoggedCommit[]> {
    const commits: LoggedCommit[] = [];
    for await (const commit of this.repository.history(tip, { maxCount: MAX_COMMITS })) {
      if (commits.length >= MIN_COMMITS && commit.committedAt < since) break;
      commits.push({ ...commit, trailers: this.trailersOf(commit) });
    }
    return commits;
  }

  private trailersOf({ id, message }: GitCommit): CommitTrailers {
    const known = this.trailers.get(id);
    if (known) return known;
    if (this.trailers.size >= MAX_COMMITS) this.trailers.clear();
    const trailers = parseTrailers(message);
    this.trailers.set(id, trailers);
    return trailers;
  }
}
