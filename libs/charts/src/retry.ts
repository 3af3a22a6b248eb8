import { setTimeout as delay } from 'node:timers/promises';
import type { ChartError } from './chart-error.js';

const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;

/** Tries again, after a pause that grows, what may go better the next time, until the deadline. */
export async function retry<T>(
  signal: AbortSignal,
  run: () => Promise<T>,
  failureOf: (error: unknown) => ChartError,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      const failure = failureOf(error);
      if (!failure.isTransient || attempt === ATTEMPTS || signal.aborted) throw failure;
      await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal }).catch(() => undefined);
    }
  }
}
