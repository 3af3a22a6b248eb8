/** What a worker does for one key. Never throws for what it can record; what it throws is logged and tried again in a few seconds. */
export type Pass = (key: string, signal: AbortSignal) => Promise<void>;

/**
 * Work that is named by a key and reads for itself what there is to do.
 * At most one pass of a key runs at a time; a wake-up during a pass leads to exactly one more after it.
 */
export abstract class PassQueue {
  /** Wakes the key now. */
  abstract enqueue(key: string): Promise<void>;
  /** Wakes the key later as well; does not stand in the way of wake-ups before that. Several timers of a key that fall into the same second are one. */
  abstract enqueueAfter(key: string, delayMs: number): Promise<void>;
  /** Begins to run passes. Once for each queue and process. */
  abstract work(pass: Pass, options?: { concurrency?: number }): void;
  /** Lets go: aborts the passes in hand and waits for them, at most eight seconds. */
  abstract close(): Promise<void>;
}
