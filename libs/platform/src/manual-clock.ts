import { Clock, type Timer } from './clock.js';

interface PendingTimer {
  at: number;
  task: () => void;
}

/** A clock that stands still until a test moves it. */
export class ManualClock extends Clock {
  private time: number;
  private pending: PendingTimer[] = [];

  constructor(start: Date | string = '2026-01-01T00:00:00Z') {
    super();
    this.time = new Date(start).getTime();
  }

  now(): Date {
    return new Date(this.time);
  }

  setTimer(delayMs: number, task: () => void): Timer {
    const timer = { at: this.time + delayMs, task };
    this.pending.push(timer);
    return { cancel: () => this.forget(timer) };
  }

  /** How many timers wait. */
  get timers(): number {
    return this.pending.length;
  }

  /** Moves the time on, firing what falls due in its order, and lets the promises that this settles run. */
  async advance(byMs: number): Promise<void> {
    const until = this.time + byMs;
    for (let next = this.nextDue(until); next; next = this.nextDue(until)) {
      this.time = Math.max(this.time, next.at);
      this.forget(next);
      next.task();
      await settle();
    }
    this.time = until;
    await settle();
  }

  private nextDue(until: number): PendingTimer | undefined {
    return this.pending.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }

  private forget(timer: PendingTimer): void {
    this.pending = this.pending.filter((one) => one !== timer);
  }
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
