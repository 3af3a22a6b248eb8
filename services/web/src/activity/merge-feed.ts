import type { LoggedEvent } from '../session/api.js';

const limit = 500;

/** Events of two readings of the log, each once, newest first, no more than a page can bear. */
export function mergeFeed(some: readonly LoggedEvent[], others: readonly LoggedEvent[]): LoggedEvent[] {
  const byCursor = new Map([...others, ...some].map((logged) => [logged.cursor, logged]));
  return [...byCursor.values()].sort(newestFirst).slice(0, limit);
}

/** Cursors are `milliseconds-sequence`. */
function newestFirst(a: LoggedEvent, b: LoggedEvent): number {
  const [atA = 0, sequenceA = 0] = a.cursor.split('-').map(Number);
  const [atB = 0, sequenceB = 0] = b.cursor.split('-').map(Number);
  return atB - atA || sequenceB - sequenceA;
}
