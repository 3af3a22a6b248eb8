import type { ShipitEvent } from '@shipit/contracts';
import {
  checkCursor,
  EventLog,
  type EventFilter,
  type EventQuery,
  type LoggedEvent,
  matchesFilter,
} from './event-log.js';

/** The event log of a test. */
export class InMemoryEventLog extends EventLog {
  private readonly entries: LoggedEvent[] = [];
  private readonly wakers = new Set<() => void>();

  append(event: ShipitEvent): Promise<boolean> {
    if (this.entries.some((entry) => entry.event.id === event.id)) return Promise.resolve(false);
    this.entries.push({ cursor: `${this.entries.length + 1}-0`, event: structuredClone(event) });
    for (const wake of this.wakers) wake();
    return Promise.resolve(true);
  }

  has(id: string): Promise<boolean> {
    return Promise.resolve(this.entries.some(({ event }) => event.id === id));
  }

  async read({ after, limit, filter, order = 'oldest first' }: EventQuery): Promise<LoggedEvent[]> {
    await Promise.resolve();
    const place = after === undefined ? undefined : placeOf(checkCursor(after));
    const ordered = order === 'oldest first' ? this.entries : this.entries.toReversed();
    const isBeyond = (cursor: string): boolean =>
      place === undefined || (order === 'oldest first' ? placeOf(cursor) > place : placeOf(cursor) < place);
    return ordered.filter(({ cursor, event }) => isBeyond(cursor) && matchesFilter(event, filter)).slice(0, limit);
  }

  async *follow(after: string | undefined, signal: AbortSignal, filter?: EventFilter): AsyncGenerator<LoggedEvent> {
    let next = after === undefined ? this.entries.length : placeOf(checkCursor(after));
    while (!signal.aborted) {
      const entry = this.entries[next];
      if (!entry) await this.nextAppend(signal);
      else {
        next += 1;
        if (matchesFilter(entry.event, filter)) yield entry;
      }
    }
  }

  private async nextAppend(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.wakers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.wakers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }
}

function placeOf(cursor: string): number {
  return Number(cursor.split('-')[0]);
}
