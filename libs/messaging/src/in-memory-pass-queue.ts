import type { Clock, Timer } from '@shipit/platform';
import { type Pass, PassQueue } from './pass-queue.js';

/** The pass queue of a test: passes run in this process, timers come from the test's clock. */
export class InMemoryPassQueue extends PassQueue {
  private readonly waiting = new Set<string>();
  private readonly active = new Map<string, Promise<void>>();
  private readonly timers = new Map<string, Timer>();
  private readonly stopping = new AbortController();
  private pass: Pass | undefined;

  constructor(private readonly clock: Clock) {
    super();
  }

  enqueue(key: string): Promise<void> {
    this.waiting.add(key);
    this.start(key);
    return Promise.resolve();
  }

  enqueueAfter(key: string, delayMs: number): Promise<void> {
    const id = `${key}-${Math.ceil((this.clock.now().getTime() + delayMs) / 1_000)}`;
    if (!this.timers.has(id))
      this.timers.set(
        id,
        this.clock.setTimer(delayMs, () => {
          this.timers.delete(id);
          void this.enqueue(key);
        }),
      );
    return Promise.resolve();
  }

  work(pass: Pass): void {
    this.pass = pass;
    for (const key of this.waiting) this.start(key);
  }

  /** Resolves when no pass runs or waits. */
  async idle(): Promise<void> {
    while (this.active.size > 0) await Promise.all(this.active.values());
  }

  async close(): Promise<void> {
    this.stopping.abort(new Error('The service stops'));
    for (const timer of this.timers.values()) timer.cancel();
    await this.idle();
  }

  private start(key: string): void {
    if (!this.pass || this.active.has(key) || this.stopping.signal.aborted || !this.waiting.delete(key)) return;
    const run = this.pass(key, this.stopping.signal)
      .catch(() => this.enqueueAfter(key, 5_000))
      .finally(() => {
        this.active.delete(key);
        this.start(key);
      });
    this.active.set(key, run);
  }
}
