import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock, Log } from '@shipit/platform';
import type { ReadLocks } from '@shipit/releases';
import { NewestImages } from '../commit-requests/newest-images.js';
import type { IndexedRelease } from '../index-releases/release-index.js';
import { BranchWriter } from '../publish-edits/branch-writer.js';
import { ReleaseGates } from './release-gates.js';
import { type Past, replayGates } from './replay-gates.js';

export interface FollowSettings {
  everySeconds: number;
  /** Pushes of so long are taken up; older ones stay candidates. */
  sinceHours: number;
  clock: Clock;
  log: Log;
  /** Aborted when the process stops. */
  signal: AbortSignal;
}

/** A lock of the whole environment ends for all releases at one moment: they share commits, and do not flood the registry. */
const AT_ONCE = 20;

interface Look extends Past {
  tip: string;
  locks: ReadLocks;
  /** Releases that take pushes again. */
  opened: readonly IndexedRelease[];
}

/**
 * Reads the branch at start, so that the first push does not wait for it, and then at an interval.
 *
 * Where a commit by others lets pass what was kept back (a lock taken away, a file mended, autodeploy switched on, a suspension
 * ended), or a lock's time is over, the newest allowed push of late is taken up under the id that it had. What was deployed
 * before does not come again: that takes a resume.
 */
@Injectable()
export class FollowBranch implements OnApplicationBootstrap {
  private readonly gates = new ReleaseGates();
  private isReplayed = false;

  constructor(
    private readonly writer: BranchWriter,
    private readonly newest: NewestImages,
    private readonly settings: FollowSettings,
  ) {}

  onApplicationBootstrap(): void {
    void this.keepLooking();
  }

  async look(): Promise<void> {
    let look = await this.read();
    if (!this.isReplayed) {
      this.settings.log.info({ tip: look.tip, commits: look.commits.length }, 'branch read');
      await replayGates(this.gates, look);
      this.isReplayed = true;
      look = await this.read();
    }
    for (let at = 0; at < look.opened.length; at += AT_ONCE)
      await Promise.all(look.opened.slice(at, at + AT_ONCE).map((release) => this.takeUp(release, look)));
  }

  private async keepLooking(): Promise<void> {
    const { clock, signal, everySeconds, log } = this.settings;
    while (!signal.aborted) {
      await this.look().catch((err: unknown) => {
        if (!signal.aborted) log.warn({ err }, 'branch could not be read, the next look tries again');
      });
      await clock.sleep(everySeconds * 1000, signal).catch(() => undefined);
    }
  }

  private async read(): Promise<Look> {
    const { clock, signal, sinceHours } = this.settings;
    const since = new Date(clock.now().getTime() - sinceHours * 3_600_000);
    const { outcome, tip } = await this.writer.write(async (branch) => {
      const locks = branch.locks();
      this.gates.read({ index: branch.index, locks, now: clock.now() });
      const opened = this.gates.waiting().flatMap((key) => branch.index.find(key) ?? []);
      const { repository, folder } = branch;
      return { outcome: { repository, folder, since, opened, locks, commits: await branch.commits(since) } };
    }, signal);
    return { ...outcome, tip };
  }

  private async takeUp(release: IndexedRelease, { commits, since, locks }: Look): Promise<void> {
    const { log, signal } = this.settings;
    try {
      const isDeployed = await this.newest.takeUp({ release, locks, commits, since }, signal);
      this.gates.settle(release.key);
      log.info({ release: release.key, isDeployed }, 'release takes pushes again');
    } catch (err) {
      log.warn(
        { err, release: release.key },
        'pushes that were kept back could not be taken up, the next look tries again',
      );
    }
  }
}
