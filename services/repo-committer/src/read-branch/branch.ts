import { GitError, type GitRepository } from '@shipit/git';
import { ImageHistory, type ReadLocks, type withLock } from '@shipit/releases';
import { ReleaseIndex } from '../index-releases/release-index.js';
import type { BranchProblem } from './branch-problems.js';
import { CommitLog, type LoggedCommit } from './commit-log.js';

export type LocksEdit = ReturnType<typeof withLock>;

/** The branch at its tip as it was last read: releases, locks and what history says. */
export class Branch {
  readonly index: ReleaseIndex;
  readonly history: ImageHistory;
  private readonly log: CommitLog;
  private current = '';
  /** The newest commit that was on the branch for certain: read there, or put there by us. */
  private seen = '';

  constructor(
    readonly repository: GitRepository,
    readonly folder: string,
    private readonly report: (problem: BranchProblem) => void,
  ) {
    this.index = new ReleaseIndex(repository, folder);
    this.history = new ImageHistory(repository);
    this.log = new CommitLog(repository);
  }

  get tip(): string {
    return this.current;
  }

  async refresh(signal?: AbortSignal): Promise<string> {
    const tip = await this.repository.fetch(signal);
    if (tip === this.current && tip === this.seen) return tip;
    const gone = this.seen;
    await this.index.moveTo(tip);
    this.current = tip;
    this.seen = tip;
    if (gone && !(await this.isStillThere(gone, tip))) this.report({ kind: 'force-pushed', tip, gone });
    this.reportLocks(tip);
    return tip;
  }

  /** Takes note of our own commit: should it be gone at the next reading, somebody forced it away. */
  published(commit: string): void {
    this.seen = commit;
  }

  locks(): ReadLocks {
    return this.index.locks();
  }

  /** The new text of locks.yaml, '' where there is none yet. Nothing is written over what cannot be read. */
  editLocks(change: (text: string) => LocksEdit): LocksEdit {
    const locks = this.locks();
    if (locks.ok) return change(this.index.text(this.index.locksPath) ?? '');
    const { reason, line, column } = locks;
    return { ok: false, refusals: [{ kind: 'syntax', reason, line, column }] };
  }

  commits(since: Date): Promise<LoggedCommit[]> {
    return this.log.read(this.current, since);
  }

  private reportLocks(tip: string): void {
    const path = this.index.locksPath;
    const locks = this.locks();
    if (locks.ok) return;
    this.report({ kind: 'locks unreadable', tip, path, text: this.index.text(path) ?? '', problem: locks.problem });
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
