/** A timer that was set and may be taken back. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel(): void;
}

/** The time, and what to do later. Nothing in Ship-it asks the machine directly, so that tests decide what time it is. */
export abstract class Clock {
  abstract now(): Date;
  /** Runs `task` once, `delayMs` from now. A timer keeps no process alive. */
  abstract setTimer(delayMs: number, task: () => void): Timer;

  /** Resolves after `delayMs`; rejects with the signal's reason as soon as the signal is aborted. */
  async sleep(delayMs: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        timer.cancel();
        reject(signal?.reason as Error);
      };
      const timer = this.setTimer(delayMs, () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }

  setTimer(delayMs: number, task: () => void): Timer {
    const timer = setTimeout(task, delayMs);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  }
}
