import type { Log, Metrics, Secrets } from '@shipit/platform';
import { WaitingError } from 'bullmq';
import { handleJob } from './handle-job.js';
import type { MessageHandler } from './message-handler.js';
import { defaultRetry, retryDelayMs, type RetrySettings } from './queue-settings.js';
import { type QueueWorker, startWorker } from './queue-worker.js';
import type { RedisConnections } from './redis-connections.js';

export interface MessageWorkerOptions {
  concurrency?: number;
  /** Only the delays; how often is up to the publisher. */
  retry?: RetrySettings;
  stopping: AbortSignal;
  log: Log;
  secrets: Secrets;
  metrics?: Metrics;
}

/** Gives the messages of a queue to their handlers, by the rules of acknowledgement. */
export function startMessageWorker(
  connections: RedisConnections,
  queue: string,
  handlerOf: (name: string) => MessageHandler | undefined,
  options: MessageWorkerOptions,
): QueueWorker {
  const { concurrency = 50, retry = defaultRetry, stopping, log, secrets, metrics } = options;
  const handled = metrics?.counter('shipit_messages_total', 'Messages by queue, type and outcome', [
    'queue',
    'type',
    'outcome',
  ]);
  return startWorker(
    connections,
    async (job, token, lost) => {
      try {
        await handleJob(job, token, lost, { handlerOf, log, secrets, stopping });
        handled?.inc({ queue, type: job.name, outcome: 'done' });
      } catch (error) {
        handled?.inc({ queue, type: job.name, outcome: outcomeOf(error) });
        throw error;
      }
    },
    {
      queue,
      concurrency,
      log,
      stopping,
      settings: { settings: { backoffStrategy: (attempt) => retryDelayMs(retry, attempt) } },
    },
  );
}

function outcomeOf(error: unknown): string {
  if (error instanceof WaitingError) return 'put back';
  return error instanceof Error && error.name === 'UnrecoverableError' ? 'dead-lettered' : 'tried again';
}
