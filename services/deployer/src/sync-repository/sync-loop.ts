import type { Clock, Log } from '@shipit/platform';
import type { RepositorySync } from './sync-repository.js';

/** One sync at a time in this process; whoever asks during one gets the next, which sees what they ask for. */
export class SyncLoop {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(
    private readonly sync: RepositorySync,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Resolves after a sync that began after this call. Throws what it throws. */
  request(signal?: AbortSignal): Promise<void> {
    this.next ??= this.running
      .catch(() => undefined)
      .then(async () => {
        this.next = undefined;
        const run = this.sync.run(signal);
        this.running = run;
        await run;
      });
    return this.next;
  }

  /** Syncs at once and then again and again, until the signal. */
  async poll(everySeconds: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.request(signal).catch((err: unknown) => {
        if (!signal.aborted) this.log.warn({ err }, 'sync failed and will be tried again');
      });
      await this.clock.sleep(everySeconds * 1000, signal).catch(() => undefined);
    }
  }
}
