import type { Clock, Log, Shutdown } from '@shipit/platform';
import type { RepositorySync } from './sync-repository.js';

/** One sync at a time in this process; whoever asks during one gets the next, which sees what they ask for. */
export class SyncLoop {
  private running: Promise<unknown> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(
    private readonly sync: RepositorySync,
    private readonly parts: { clock: Clock; log: Log; shutdown: Shutdown },
  ) {}

  /** Resolves after a sync that began after this call. Throws what it throws. */
  request(): Promise<void> {
    this.next ??= this.running
      .catch(() => undefined)
      .then(async () => {
        this.next = undefined;
        const run = this.sync.run(this.parts.shutdown.signal);
        this.running = run;
        await run;
      });
    return this.next;
  }

  /** Syncs at once and then again and again, until the service stops. */
  async poll(everySeconds: number): Promise<void> {
    const { clock, log, shutdown } = this.parts;
    const { signal } = shutdown;
    while (!signal.aborted) {
      await this.request().catch((err: unknown) => {
        if (!signal.aborted) log.warn({ err }, 'sync failed and will be tried again');
      });
      await clock.sleep(everySeconds * 1000, signal).catch(() => undefined);
    }
  }
}
