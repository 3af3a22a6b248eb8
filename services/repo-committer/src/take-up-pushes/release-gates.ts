import { lockOf, type ReadLocks, takesNoPush } from '@shipit/releases';
import type { IndexedRelease, ReleaseIndex } from '../index-releases/release-index.js';

/** What the branch says at one commit. */
export interface GateReading {
  index: ReleaseIndex;
  locks: ReadLocks;
  now: Date;
}

/**
 * Remembers which releases took no pushes by themselves, so that it is seen when that ends: by whose commit it may be, or
 * because a lock's time is over. A release that was not there before was never closed: its file says what its people want.
 */
export class ReleaseGates {
  private readonly closed = new Set<string>();
  private readonly opened = new Set<string>();
  /** Where each release was declared when it was last read. */
  private readonly paths = new Map<string, string>();

  /** Takes note of the releases that are closed now, and of those that no longer are. */
  read({ index, locks, now }: GateReading): void {
    const releases = index.all();
    const [declared, twice] = [new Set<string>(), new Set<string>()];
    for (const { key } of releases) (declared.has(key) ? twice : declared).add(key);
    for (const [key, path] of this.paths) {
      if (index.isUnreadable(path)) this.closed.add(key);
      else if (!declared.has(key)) this.forget(key);
    }
    for (const release of releases) {
      this.paths.set(release.key, release.path);
      if (twice.has(release.key) || isClosed(release, locks, now)) this.close(release.key);
      else if (this.closed.delete(release.key)) this.opened.add(release.key);
    }
  }

  /** Releases that are open again and whose pushes were not taken up since. */
  waiting(): string[] {
    return [...this.opened];
  }

  settle(release: string): void {
    this.opened.delete(release);
  }

  /** One of that name that comes later is another one. */
  private forget(release: string): void {
    this.paths.delete(release);
    this.closed.delete(release);
    this.opened.delete(release);
  }

  private close(release: string): void {
    this.closed.add(release);
    this.opened.delete(release);
  }
}

function isClosed({ key, settings, document }: IndexedRelease, locks: ReadLocks, now: Date): boolean {
  const { autodeploy, tagPolicy } = settings;
  const isSuspended = document.spec?.suspend ?? false;
  const lock = locks.ok ? lockOf(locks.locks, key, now) : undefined;
  return takesNoPush({ release: key, autodeploy, tagPolicy, isSuspended, lock });
}
