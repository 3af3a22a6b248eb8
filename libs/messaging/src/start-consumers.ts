import type { EventType, QueueName } from '@shipit/contracts';
import { handlersByType } from './find-handlers.js';
import type { MessageHandler } from './message-handler.js';
import { type MessageWorkerOptions, startMessageWorker } from './message-worker.js';
import type { QueueWorker } from './queue-worker.js';
import type { RedisConnections } from './redis-connections.js';

export interface ConsumerOptions extends MessageWorkerOptions {
  /** The service's own queue. */
  queue: QueueName;
  handlers: readonly MessageHandler[];
}

/**
 * Gives every event in the service's queue to its handler.
 * @throws HandlerError where handlers and routing table do not fit: nothing is consumed then.
 */
export function startConsumers(
  connections: RedisConnections,
  { queue, handlers, ...options }: ConsumerOptions,
): QueueWorker {
  const byType = handlersByType(queue, handlers);
  return startMessageWorker(connections, queue, (name) => byType.get(name as EventType), options);
}
