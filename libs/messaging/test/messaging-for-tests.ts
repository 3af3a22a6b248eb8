import type { EventType, QueueName } from '@shipit/contracts';
import { Secrets } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import type { RunningRedis } from '@shipit/testing';
import { Queue } from 'bullmq';
import { routes, ShipitEvent } from '@shipit/contracts';
import type { z } from 'zod';
import { BullDeadLetters } from '../src/bull-dead-letters.js';
import { BullEventBus } from '../src/bull-event-bus.js';
import { type MessageContext, MessageHandler } from '../src/message-handler.js';
import { prefix } from '../src/queue-settings.js';
import type { QueueWorker } from '../src/queue-worker.js';
import { RedisConnections } from '../src/redis-connections.js';
import { RedisEventLog } from '../src/redis-event-log.js';
import { startConsumers } from '../src/start-consumers.js';

type Handle = (event: ShipitEvent, context: MessageContext) => Promise<void>;

/** Handles everything that is routed to a queue by one function. */
export function handlersOf(queue: QueueName, handle: Handle): MessageHandler[] {
  const types = (Object.keys(routes) as EventType[]).filter((type) => routes[type].includes(queue));
  const schemas = ShipitEvent.options.filter(({ shape }) => types.includes(shape.type.value));
  return schemas.map((schema) => new FunctionHandler(schema, handle));
}

class FunctionHandler extends MessageHandler {
  constructor(
    readonly schema: z.ZodType,
    private readonly run: Handle,
  ) {
    super();
  }

  async handle(message: unknown, context: MessageContext): Promise<void> {
    await this.run(message as ShipitEvent, context);
  }
}

/** One process's messaging on a real Redis, with short delays. */
export async function setUp(redis: RunningRedis, attempts = 3) {
  const log = new RecordedLog();
  const connections = new RedisConnections(redis.url, log);
  await connections.check();
  const eventLog = new RedisEventLog(connections);
  const bus = new BullEventBus(connections, eventLog, log, attempts);
  const deadLetters = new BullDeadLetters(connections);
  const workers: QueueWorker[] = [];
  return {
    log,
    connections,
    eventLog,
    bus,
    deadLetters,
    queue: (name: QueueName) => new Queue(name, { connection: connections.producer, prefix }),
    /** Starts a consumer of the notifier's queue; what is returned stops it as the end of a process would. */
    consume(handle: Handle, concurrency = 10): () => Promise<void> {
      const stopping = new AbortController();
      const worker = startConsumers(connections, {
        queue: 'notifier',
        handlers: handlersOf('notifier', handle),
        concurrency,
        retry: { attempts, firstDelayMs: 10, maxDelayMs: 50 },
        stopping: stopping.signal,
        log,
        secrets: new Secrets(),
      });
      workers.push(worker);
      return async () => {
        stopping.abort(new Error('stop'));
        await worker.close();
      };
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      await Promise.all([bus.close(), deadLetters.close()]).catch(() => undefined);
      connections.close();
    },
  };
}
