import { type QueueName, routes, type ShipitEvent } from '@shipit/contracts';
import { checkEvent } from './bull-event-bus.js';
import { EventBus } from './event-bus.js';
import { InMemoryEventLog } from './in-memory-event-log.js';

/** The event bus of a test: remembers what was published, once for each id, and can be made to fail. */
export class InMemoryEventBus extends EventBus {
  readonly published: ShipitEvent[] = [];
  private failure: Error | undefined;

  constructor(readonly eventLog = new InMemoryEventLog()) {
    super();
  }

  async publish(...events: readonly ShipitEvent[]): Promise<void> {
    for (const event of events) {
      const checked = checkEvent(event);
      if (this.failure) throw this.failure;
      if (await this.eventLog.append(checked)) this.published.push(checked);
    }
  }

  /** What the routing table put into a queue. */
  queued(queue: QueueName): ShipitEvent[] {
    return this.published.filter(({ type }) => routes[type].includes(queue));
  }

  /** Makes every publish fail until called without an error. */
  failWith(error?: Error): void {
    this.failure = error;
  }
}
