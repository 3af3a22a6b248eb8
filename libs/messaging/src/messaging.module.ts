import {
  type DynamicModule,
  Global,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { DiscoveryModule, DiscoveryService } from '@nestjs/core';
import { type QueueName, queues } from '@shipit/contracts';
import { Log, Metrics, Readiness, Secrets, Shutdown } from '@shipit/platform';
import { BullDeadLetters } from './bull-dead-letters.js';
import { BullEventBus } from './bull-event-bus.js';
import { DeadLetters } from './dead-letters.js';
import { EventBus } from './event-bus.js';
import { EventLog } from './event-log.js';
import { findHandlers } from './find-handlers.js';
import type { QueueWorker } from './queue-worker.js';
import { RedisConnections } from './redis-connections.js';
import { RedisEventLog } from './redis-event-log.js';
import { startConsumers } from './start-consumers.js';

export interface MessagingOptions {
  redisUrl: string;
  /** The service's queue; absent for a service that only publishes or reads the log. */
  queue?: QueueName;
  /** Further queues whose dead letters can be seen here. */
  deadLetterQueues?: readonly string[];
  /** How many messages are handled at the same time. */
  concurrency?: number;
}

/** Consumes the service's queue from the moment every provider is there until the service stops. */
class QueueConsumption implements OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy {
  private worker: QueueWorker | undefined;

  constructor(
    private readonly options: MessagingOptions,
    private readonly connections: RedisConnections,
    private readonly discovery: DiscoveryService,
    private readonly platform: {
      log: Log;
      metrics: Metrics;
      readiness: Readiness;
      secrets: Secrets;
      shutdown: Shutdown;
    },
  ) {}

  onApplicationBootstrap(): void {
    const { log, metrics, readiness, secrets, shutdown } = this.platform;
    readiness.add('redis', () => this.connections.ping());
    const { queue, concurrency } = this.options;
    if (queue === undefined) return;
    this.worker = startConsumers(this.connections, {
      queue,
      handlers: findHandlers(this.discovery),
      ...(concurrency === undefined ? {} : { concurrency }),
      stopping: shutdown.signal,
      log,
      secrets,
      metrics,
    });
  }

  async onModuleDestroy(): Promise<void> {
    await this.worker?.close();
  }

  /** Last: what others let go of may still be put into a queue. */
  onApplicationShutdown(): void {
    this.connections.close();
  }
}

/** EventBus, EventLog, DeadLetters and RedisConnections for the whole service, and the consumption of its queue. */
@Global()
@Module({})
export class MessagingModule {
  static with(options: MessagingOptions): DynamicModule {
    const { redisUrl } = options;
    return {
      module: MessagingModule,
      imports: [DiscoveryModule],
      providers: [
        {
          provide: RedisConnections,
          inject: [Log],
          useFactory: async (log: Log) => {
            const connections = new RedisConnections(redisUrl, log);
            await connections.check().catch((error: unknown) => {
              connections.close();
              throw error;
            });
            return connections;
          },
        },
        {
          provide: EventLog,
          inject: [RedisConnections],
          useFactory: (connections: RedisConnections) => new RedisEventLog(connections),
        },
        {
          provide: EventBus,
          inject: [RedisConnections, EventLog, Log],
          useFactory: (connections: RedisConnections, eventLog: EventLog, log: Log) =>
            new BullEventBus(connections, eventLog, log),
        },
        {
          provide: DeadLetters,
          inject: [RedisConnections],
          useFactory: (connections: RedisConnections) =>
            new BullDeadLetters(connections, [...queues, ...(options.deadLetterQueues ?? [])]),
        },
        {
          provide: QueueConsumption,
          inject: [RedisConnections, DiscoveryService, Log, Metrics, Readiness, Secrets, Shutdown],
          useFactory: (
            connections: RedisConnections,
            discovery: DiscoveryService,
            ...[log, metrics, readiness, secrets, shutdown]: [Log, Metrics, Readiness, Secrets, Shutdown]
          ) => new QueueConsumption(options, connections, discovery, { log, metrics, readiness, secrets, shutdown }),
        },
      ],
      exports: [EventBus, EventLog, DeadLetters, RedisConnections],
    };
  }
}
