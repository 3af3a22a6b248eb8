import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { ShipitEvent } from '@shipit/contracts';
import { BullWorkQueue, type MessageHandler, type RedisConnections, type RetrySettings } from '@shipit/messaging';
import type { Log, Metrics, Secrets, Shutdown } from '@shipit/platform';
import { Deliveries } from './deliveries.js';

/** 2 s, 4 s, 8 s … six hours at most: about a day and a half in all. */
export const deliveryRetry: RetrySettings = { attempts: 20, firstDelayMs: 2_000, maxDelayMs: 21_600_000 };

/** A queue and a worker for each target: what one target's server does is felt by no other. */
export class TargetQueues extends Deliveries implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly queues: ReadonlyMap<string, BullWorkQueue>;

  constructor(
    private readonly handlers: ReadonlyMap<string, MessageHandler>,
    connections: RedisConnections,
    private readonly platform: { log: Log; secrets: Secrets; metrics: Metrics; shutdown: Shutdown },
    retry = deliveryRetry,
  ) {
    super();
    this.queues = new Map(
      [...handlers.keys()].map((name) => [
        name,
        new BullWorkQueue(connections, `notifier-target-${name}`, retry, platform.log),
      ]),
    );
  }

  async add(target: string, event: ShipitEvent): Promise<void> {
    await this.queues.get(target)?.add(event.id, event);
  }

  onApplicationBootstrap(): void {
    const { shutdown, ...platform } = this.platform;
    for (const [name, handler] of this.handlers)
      this.queues.get(name)?.work(handler, { ...platform, stopping: shutdown.signal, concurrency: 5 });
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}
