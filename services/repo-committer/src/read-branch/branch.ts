import { GitError, type GitRepository } from '@shipit/git';
import { readLocks, type ReadLocks } from '@shipit/releases';
import { ReleaseIndex } from '../index-releases/release-index.js';
import { CommitLog, type LoggedCommit } from './commit-log.js';

/** The branch at its tip as it was last read: releases, locks and what history says. */
export class Branch {
  readonly index: ReleaseIndex;
  private readonly log: CommitLog;
  private current = '';

  constructor(
    readonly repository: GitRepository,
    readonly folder: string,
    /** Told when the old tip is no longer part of the branch. */
    private readonly onForcePush: (tip: string, gone: string) => void,
  ) {
    this.index = new ReleaseIndex(repository, folder);
    this.log = new CommitLog(repository);
  }

  get tip(): string {
    return this.current;
  }

  async refresh(signal?: AbortSignal): Promise<string> {
    const tip = await this.repository.fetch(signal);
    if (tip === this.current) return tip;
    const gone = this.current;
    await this.index.moveTo(tip);
    this.current = tip;
    if (gone && !(await this.isStillThere(gone, tip))) this.onForcePush(tip, gone);
    return tip;
  }

  locks(): ReadLocks {
    return readLocks(this.index.text(this.index.locksPath));
  }

  commits(since: Date): Promise<LoggedCommit[]> {
    return this.log.read(this.current, since);
  }

  private async isStillThere(commit: string, tip: string): Promise<boolean> {
    try {
      return await this.repository.isAncestor(commit, tip);
    } catch (error) {
      if (error instanceof GitError) return false;
      throw error;
    }
  }
}
