import { ShipitEvent } from '@shipit/contracts';
import type { Redis } from 'ioredis';
import {
  checkCursor,
  EventLog,
  type EventFilter,
  type EventQuery,
  type LoggedEvent,
  matchesFilter,
} from './event-log.js';
import type { RedisConnections } from './redis-connections.js';

const stream = 'shipit:events';
const ids = 'shipit:event-ids';
const maxEvents = 20_000;
/** More ids than events: a repeat of an event that already fell out of the log is still a repeat. */
const maxIds = 100_000;
const pageSize = 200;

const appendOnce = `
if redis.call('ZADD', KEYS[2], 'NX', ARGV[2], ARGV[1]) == 0 then return 0 end
redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -(tonumber(ARGV[4]) + 1))
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[3], '*', 'event', ARGV[5])
return 1`;

type Entry = [id: string, fields: string[]];

/** The event log as a capped Redis stream and a capped set of the ids it has seen. */
export class RedisEventLog extends EventLog {
  private readonly wakers = new Set<() => void>();
  private tail: Redis | undefined;

  constructor(private readonly connections: RedisConnections) {
    super();
  }

  async append(event: ShipitEvent): Promise<boolean> {
    const values = [event.id, Date.now(), maxEvents, maxIds, JSON.stringify(event)];
    return (await this.redis.eval(appendOnce, 2, stream, ids, ...values)) === 1;
  }

  async has(id: string): Promise<boolean> {
    return (await this.redis.zscore(ids, id)) !== null;
  }

  async read({ after, limit, filter, order = 'oldest first' }: EventQuery): Promise<LoggedEvent[]> {
    const found: LoggedEvent[] = [];
    let cursor = after === undefined ? undefined : checkCursor(after);
    while (found.length < limit) {
      const page = order === 'oldest first' ? await this.pageAfter(cursor) : await this.pageBefore(cursor);
      found.push(...logged(page).filter(({ event }) => matchesFilter(event, filter)));
      cursor = page.at(-1)?.[0];
      if (page.length < pageSize) break;
    }
    return found.slice(0, limit);
  }

  async *follow(after: string | undefined, signal: AbortSignal, filter?: EventFilter): AsyncGenerator<LoggedEvent> {
    let cursor = after === undefined ? await this.newest() : checkCursor(after);
    const waker = new Waker(signal);
    this.watch(waker.wake);
    try {
      while (!signal.aborted) {
        const page = await this.pageAfter(cursor).catch(() => []);
        yield* logged(page).filter(({ event }) => !signal.aborted && matchesFilter(event, filter));
        cursor = page.at(-1)?.[0] ?? cursor;
        // A page that was not full was the last one, until the tail tells of more or Redis is back.
        if (page.length < pageSize) await waker.wait();
      }
    } finally {
      this.unwatch(waker.wake);
    }
  }

  private get redis(): Redis {
    return this.connections.producer;
  }

  private pageAfter(cursor: string | undefined): Promise<Entry[]> {
    return this.redis.xrange(stream, cursor === undefined ? '-' : `(${cursor}`, '+', 'COUNT', pageSize);
  }

  private pageBefore(cursor: string | undefined): Promise<Entry[]> {
    return this.redis.xrevrange(stream, cursor === undefined ? '+' : `(${cursor}`, '-', 'COUNT', pageSize);
  }

  private async newest(): Promise<string> {
    return (await this.redis.xrevrange(stream, '+', '-', 'COUNT', 1))[0]?.[0] ?? '0-0';
  }

  /** One blocking reader for all followers of this process: it only wakes them, each reads for itself from its own place. */
  private watch(wake: () => void): void {
    this.wakers.add(wake);
    if (this.tail) return;
    const tail = this.connections.worker();
    this.tail = tail;
    void this.runTail(tail);
  }

  private unwatch(wake: () => void): void {
    this.wakers.delete(wake);
    if (this.wakers.size > 0 || !this.tail) return;
    this.connections.release(this.tail);
    this.tail = undefined;
  }

  private async runTail(tail: Redis): Promise<void> {
    let last = '$';
    while (this.tail === tail && tail.status !== 'end') {
      try {
        const streams = await tail.xread('COUNT', 1_000, 'BLOCK', 5_000, 'STREAMS', stream, last);
        last = streams?.[0]?.[1].at(-1)?.[0] ?? last;
      } catch {
        last = '$';
      }
      // Also after a pause of five seconds and after an error: what '$' missed in between is found by the followers.
      for (const wake of this.wakers) wake();
    }
  }
}

/** Remembers a wake-up that comes while nobody waits. */
class Waker {
  private isAwake = false;
  private resume: (() => void) | undefined;

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.wake(), { once: true });
  }

  readonly wake = (): void => {
    this.isAwake = true;
    this.resume?.();
  };

  async wait(): Promise<void> {
    if (!this.isAwake && !this.signal.aborted) await new Promise<void>((resolve) => (this.resume = resolve));
    this.isAwake = false;
    this.resume = undefined;
  }
}

/** What an older or newer version of Ship-it wrote and this one cannot read is left out. */
function logged(entries: readonly Entry[]): LoggedEvent[] {
  return entries.flatMap(([cursor, [, text = '']]) => {
    const parsed = ShipitEvent.safeParse(JSON.parse(text));
    return parsed.success ? [{ cursor, event: parsed.data }] : [];
  });
}
