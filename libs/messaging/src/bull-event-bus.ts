import { type QueueName, routes, ShipitEvent } from '@shipit/contracts';
import { type Log } from '@shipit/platform';
import { Queue } from 'bullmq';
import { EventBus } from './event-bus.js';
import type { EventLog } from './event-log.js';
import { defaultRetry, messageJob, prefix } from './queue-settings.js';
import type { RedisConnections } from './redis-connections.js';
import { pathsOf } from './schema-paths.js';
import { TerminalError } from './terminal-error.js';

const maxEventBytes = 64 * 1024;

/** Events over BullMQ: a job in each queue that the routing table names, then a line in the event log. */
export class BullEventBus extends EventBus {
  private readonly queues = new Map<QueueName, Queue>();

  constructor(
    private readonly connections: RedisConnections,
    private readonly eventLog: EventLog,
    private readonly log: Log,
    private readonly attempts = defaultRetry.attempts,
  ) {
    super();
  }

  async publish(...events: readonly ShipitEvent[]): Promise<void> {
    for (const event of events) {
      const checked = checkEvent(event);
      // Queues first, log second: an id in the log means that every queue had it, so that a repeat can be dropped whole.
      if (await this.eventLog.has(checked.id)) continue;
      await Promise.all(
        routes[checked.type].map((name) =>
          this.queue(name).add(checked.type, checked, messageJob(checked.id, this.attempts)),
        ),
      );
      await this.eventLog.append(checked);
      this.log.debug({ messageId: checked.id, type: checked.type, subject: checked.subject }, 'event published');
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private queue(name: QueueName): Queue {
    const known = this.queues.get(name);
    if (known) return known;
    const queue = new Queue(name, { connection: this.connections.producer, prefix, skipWaitingForReady: true });
    queue.on('error', (err) => this.log.debug({ err, queue: name }, 'queue connection failed'));
    this.queues.set(name, queue);
    return queue;
  }
}

/** @throws TerminalError where the event is none of ours or larger than 64 KiB: a defect of the sender. */
export function checkEvent(event: ShipitEvent): ShipitEvent {
  const parsed = ShipitEvent.safeParse(event);
  if (!parsed.success)
    throw new TerminalError(`Event ${event.type} does not fit its schema at ${pathsOf(parsed.error)}`, {
      code: 'SHIPIT_EVENT_SCHEMA',
    });
  if (Buffer.byteLength(JSON.stringify(parsed.data)) > maxEventBytes)
    throw new TerminalError(`Event ${event.type} about ${event.subject} is larger than 64 KiB`, {
      code: 'SHIPIT_EVENT_SIZE',
    });
  return parsed.data;
}
