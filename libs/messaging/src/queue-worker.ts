import type { Log } from '@shipit/platform';
import { type Job, type Processor, Worker, type WorkerOptions } from 'bullmq';
import { workerSettings } from './queue-settings.js';
import type { RedisConnections } from './redis-connections.js';

const closeLimitMs = 8_000;

export interface QueueWorkerOptions {
  queue: string;
  concurrency: number;
  log: Log;
  /** Its abort begins the closing. */
  stopping: AbortSignal;
  settings?: Partial<WorkerOptions>;
}

export interface QueueWorker {
  /** Takes no more jobs and waits up to eight seconds for those in hand; what is left then is taken up by another worker. */
  close(): Promise<void>;
}

/** Runs a BullMQ worker with this product's settings on a connection of its own. */
export function startWorker(
  connections: RedisConnections,
  process: (job: Job, token: string | undefined, lost: AbortSignal | undefined) => Promise<unknown>,
  { queue, concurrency, log, stopping, settings }: QueueWorkerOptions,
): QueueWorker {
  const connection = connections.worker();
  // BullMQ gives the signal of a lost lock only to a function that declares three parameters.
  const processor: Processor = (job, token, lost) => process(job, token, lost);
  const worker = new Worker(queue, processor, { ...workerSettings, connection, concurrency, ...settings });
  worker.on('error', (err) => log.debug({ err, queue }, 'worker connection failed'));
  worker.on('stalled', (jobId) => log.warn({ jobId, queue }, 'message taken back from a worker that went away'));
  void worker.run().catch((err: unknown) => log.error({ err, queue }, 'worker ended'));
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= closeWithin(worker).then(() => connections.release(connection)));
  // At once: a worker that goes on would be given again what its handlers have just put back.
  stopping.addEventListener('abort', () => void close(), { once: true });
  return { close };
}

async function closeWithin(worker: Worker): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  // close() waits for ever where Redis is gone.
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, closeLimitMs)));
  await Promise.race([worker.close().catch(() => undefined), late]);
  clearTimeout(timer);
}
