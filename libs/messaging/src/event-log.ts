import type { EventType, ShipitEvent } from '@shipit/contracts';

/** An event and its place in the log. Cursors grow; they are what an SSE client hands back as Last-Event-ID. */
export interface LoggedEvent {
  cursor: string;
  event: ShipitEvent;
}

export interface EventFilter {
  types?: readonly EventType[];
  /** The event's subject, e.g. `default/word-counts`. */
  subjects?: readonly string[];
  pushId?: string;
  deployId?: string;
}

export interface EventQuery {
  /** Only what comes after (newest first: before) this cursor. */
  after?: string;
  limit: number;
  filter?: EventFilter;
  order?: 'oldest first' | 'newest first';
}

/** What happened lately, for feeds. Capped, and gone with Redis: never the truth about anything. */
export abstract class EventLog {
  /** Adds an event unless its id was added before. Tells whether it was added. */
  abstract append(event: ShipitEvent): Promise<boolean>;
  abstract has(id: string): Promise<boolean>;
  /** @throws CursorError where `after` is no cursor. */
  abstract read(query: EventQuery): Promise<LoggedEvent[]>;
  /**
   * All events after the cursor, then those to come, until the signal is aborted; without a cursor only those to come.
   * Nothing is left out or told twice. Ends without an error.
   */
  abstract follow(after: string | undefined, signal: AbortSignal, filter?: EventFilter): AsyncIterable<LoggedEvent>;
}

/** A text that is not a place in the event log. */
export class CursorError extends Error {
  readonly code = 'SHIPIT_EVENT_CURSOR';
}

export function checkCursor(cursor: string): string {
  if (/^\d{1,15}-\d{1,15}$/.test(cursor)) return cursor;
  throw new CursorError(
    'The event cursor is not one that the event log gave out: leave it out to begin with what comes next',
  );
}

export function matchesFilter(event: ShipitEvent, { types, subjects, pushId, deployId }: EventFilter = {}): boolean {
  return (
    (types === undefined || types.includes(event.type)) &&
    (subjects === undefined || subjects.includes(event.subject)) &&
    (pushId === undefined || event.pushid === pushId) &&
    (deployId === undefined || event.deployid === deployId)
  );
}
