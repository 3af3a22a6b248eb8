import { Injectable } from '@nestjs/common';
import type { GitAuthor } from '@shipit/git';
import { type Clock, crashPoint, type Log } from '@shipit/platform';
import { Branch } from '../read-branch/branch.js';
import { BranchLease } from './branch-lease.js';

/** A set of edits that becomes one commit. */
export interface PlannedCommit {
  message: string;
  /** Path → the file's new text. */
  files: ReadonlyMap<string, string>;
}

/** What was decided on one tip. Without a commit there is nothing to write. */
export interface Plan<T> {
  commit?: PlannedCommit | undefined;
  outcome: T;
}

export interface Written<T> {
  outcome: T;
  /** The commit that is on the branch now; undefined where there was nothing to write. */
  commit: string | undefined;
  /** The tip that was decided on. */
  tip: string;
}

export interface WriteSettings {
  author: GitAuthor;
  deadlineMs: number;
}

/** The branch was moved by others faster than we could decide and push, or the server does not answer. */
export class BranchContendedError extends Error {
  readonly code = 'SHIPIT_GIT_REJECTED';
}

/**
 * The only writer of git. One plan at a time: read the tip, decide on it, push on exactly that tip.
 * Where somebody else was first, everything is decided anew on the new tip; nothing is ever forced, merged or replayed.
 */
@Injectable()
export class BranchWriter {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly branch: Branch,
    private readonly lease: BranchLease,
    private readonly platform: { clock: Clock; log: Log },
    private readonly settings: WriteSettings,
  ) {}

  /** `decide` may be called several times; only the last decision counts. */
  write<T>(decide: (branch: Branch) => Promise<Plan<T>>, signal: AbortSignal): Promise<Written<T>> {
    const written = this.last.then(() => this.lease.hold(() => this.attempt(decide, signal), signal));
    this.last = written.catch(() => undefined);
    return written;
  }

  private async attempt<T>(decide: (branch: Branch) => Promise<Plan<T>>, signal: AbortSignal): Promise<Written<T>> {
    const { clock, log } = this.platform;
    const until = clock.now().getTime() + this.settings.deadlineMs;
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      const tip = await this.branch.refresh(signal);
      const { commit: planned, outcome } = await decide(this.branch);
      if (!planned) return { outcome, commit: undefined, tip };
      crashPoint('committer.before-push');
      const { outcome: result, commit } = await this.publish(planned, tip, signal);
      crashPoint('committer.after-push');
      if (result === 'published') {
        this.branch.published(commit);
        return { outcome, commit, tip };
      }
      log.info({ attempt, tip, movedTo: commit }, 'branch moved, deciding again');
      if (clock.now().getTime() >= until) {
        throw new BranchContendedError(
          `The branch moved ${attempt} times while a commit was made; it will be tried again`,
        );
      }
      await clock.sleep(Math.random() * Math.min(50 * 2 ** attempt, 2_000), signal);
    }
  }

  private publish({ message, files }: PlannedCommit, parent: string, signal: AbortSignal) {
    const bytes = new Map([...files].map(([path, text]) => [path, Buffer.from(text, 'utf8')]));
    return this.branch.repository.publish({ parent, message, author: this.settings.author, files: bytes }, signal);
  }
}
