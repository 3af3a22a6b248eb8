import type { QueueName } from '@shipit/contracts';
import type { Log, Metrics, Secrets } from '@shipit/platform';
import { WaitingError } from 'bullmq';
import { handlersByType } from './find-handlers.js';
import { handleJob } from './handle-job.js';
import type { MessageHandler } from './message-handler.js';
import { defaultRetry, retryDelayMs, type RetrySettings } from './queue-settings.js';
import { type QueueWorker, startWorker } from './queue-worker.js';
import type { RedisConnections } from './redis-connections.js';

export interface ConsumerOptions {
  /** The service's own queue. */
  queue: QueueName;
  handlers: readonly MessageHandler[];
  concurrency?: number;
  /** Only the delays; how often is up to the publisher. */
  retry?: RetrySettings;
  stopping: AbortSignal;
  log: Log;
  secrets: Secrets;
  metrics?: Metrics;
}

/**
 * Gives every event in the service's queue to its handler.
 * @throws HandlerError where handlers and routing table do not fit: nothing is consumed then.
 */
export function startConsumers(connections: RedisConnections, options: ConsumerOptions): QueueWorker {
  const { queue, concurrency = 50, retry = defaultRetry, stopping, log, secrets, metrics } = options;
  const handlers = handlersByType(queue, options.handlers);
  const handled = metrics?.counter('shipit_messages_total', 'Messages by queue, type and outcome', [
    'queue',
    'type',
    'outcome',
  ]);
  return startWorker(
    connections,
    async (job, token, lost) => {
      try {
        await handleJob(job, token, lost, { handlers, log, secrets, stopping });
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
