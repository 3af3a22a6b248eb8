import type { JobsOptions, WorkerOptions } from 'bullmq';

/** Keys of all queues in Redis. */
export const prefix = 'shipit';

export interface RetrySettings {
  attempts: number;
  firstDelayMs: number;
  maxDelayMs: number;
}

/** Half a second, doubled up to five minutes: about fifty minutes in all. */
export const defaultRetry: RetrySettings = { attempts: 20, firstDelayMs: 500, maxDelayMs: 300_000 };

/** What every worker needs so that a killed process's work is taken up within 15 s and never given up for that. */
export const workerSettings = {
  prefix,
  autorun: false,
  lockDuration: 10_000,
  // A job is taken back at the second look after its lock ended, and BullMQ leaves out a look that comes a moment early.
  stalledInterval: 2_000,
  maxStalledCount: 20,
  runRetryDelay: 1_000,
} satisfies Omit<WorkerOptions, 'connection'>;

export function retryDelayMs({ firstDelayMs, maxDelayMs }: RetrySettings, attempt: number): number {
  const delay = Math.min(firstDelayMs * 2 ** (attempt - 1), maxDelayMs);
  return Math.round(delay * (0.75 + Math.random() / 2));
}

export function messageJob(eventId: string, attempts: number): JobsOptions {
  return {
    jobId: jobIdOf('event', eventId),
    attempts,
    backoff: { type: 'custom' },
    // Kept for a while so that a repeat meets its first telling; the event log's ids are what holds for longer.
    removeOnComplete: { age: 3_600, count: 1_000 },
    removeOnFail: { count: 10_000 },
    stackTraceLimit: 0,
  };
}

/** BullMQ refuses ':' and whole numbers as job ids. */
export function jobIdOf(kind: string, key: string): string {
  return `${kind}-${encodeURIComponent(key)}`;
}
