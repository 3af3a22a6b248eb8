import type { Log } from '@shipit/platform';
import { Queue } from 'bullmq';
import type { MessageHandler } from './message-handler.js';
import { type MessageWorkerOptions, startMessageWorker } from './message-worker.js';
import { messageJob, prefix, type RetrySettings } from './queue-settings.js';
import type { QueueWorker } from './queue-worker.js';
import type { RedisConnections } from './redis-connections.js';

/** A service's own queue for work that it puts off: the same acknowledgement as for events, with its own number of attempts and delays. */
export class BullWorkQueue {
  private readonly queue: Queue;
  private worker: QueueWorker | undefined;

  constructor(
    private readonly connections: RedisConnections,
    readonly name: string,
    private readonly retry: RetrySettings,
    log: Log,
  ) {
    this.queue = new Queue(name, { connection: connections.producer, prefix, skipWaitingForReady: true });
    this.queue.on('error', (err) => log.debug({ err, queue: name }, 'queue connection failed'));
  }

  /** Resolves when the message is kept. An id that waits, failed, or was done lately is dropped. */
  async add(id: string, message: { type: string }): Promise<void> {
    await this.queue.add(message.type, message, messageJob(id, this.retry.attempts));
  }

  work(handler: MessageHandler, options: Omit<MessageWorkerOptions, 'retry'>): void {
    this.worker ??= startMessageWorker(this.connections, this.name, () => handler, { ...options, retry: this.retry });
  }

  async close(): Promise<void> {
    await this.worker?.close();
  }
}
