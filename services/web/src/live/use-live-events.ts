import { ShipitEvent } from '@shipit/contracts';
import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchApi, type LoggedEvent, ServerProblem } from '../session/api.js';
import { readEventStream } from './read-event-stream.js';

export type Connection = 'connecting' | 'live' | 'away' | 'refused';

const retryMs = 1_500;
const feedLimit = 500;

/** Follows the server's events for as long as the page is open: new ones go into the feed, and what they touch is asked for anew. */
export function useLiveEvents(isAsked: boolean): Connection {
  const queries = useQueryClient();
  const [connection, setConnection] = useState<Connection>('connecting');

  useEffect(() => {
    if (!isAsked) return undefined;
    const controller = new AbortController();
    void follow(queries, setConnection, controller.signal);
    return () => controller.abort();
  }, [isAsked, queries]);

  return connection;
}

type Tell = (connection: Connection) => void;

async function follow(queries: QueryClient, tell: Tell, signal: AbortSignal): Promise<void> {
  const place = { last: undefined as string | undefined };
  while (!signal.aborted) {
    const isRefused = await readStream(queries, { tell, signal, place }).catch(() => false);
    if (signal.aborted) return;
    if (isRefused) return tell('refused');
    tell('away');
    await new Promise((resolve) => setTimeout(resolve, retryMs));
  }
}

/** Reads until the stream ends. Tells whether the server refused it. */
async function readStream(
  queries: QueryClient,
  { tell, signal, place }: { tell: Tell; signal: AbortSignal; place: { last: string | undefined } },
): Promise<boolean> {
  const headers = { accept: 'text/event-stream', ...(place.last !== undefined && { 'last-event-id': place.last }) };
  const response = await fetchApi('/events', { signal, headers });
  if (response.status === 401 || response.status === 403) return true;
  if (!response.ok || !response.body) throw new ServerProblem(response.status, 'no stream');
  tell('live');
  // What happened while nobody listened is not known: everything shown is asked for anew.
  await queries.invalidateQueries();
  for await (const { id, data } of readEventStream(response.body)) {
    place.last = id ?? place.last;
    take(queries, id, data);
  }
  return false;
}

function take(queries: QueryClient, cursor: string | undefined, data: string): void {
  const event = parseEvent(data);
  if (!event || cursor === undefined) return;
  queries.setQueryData<LoggedEvent[]>(['events'], (feed = []) =>
    feed.some((one) => one.cursor === cursor) ? feed : [{ cursor, event }, ...feed].slice(0, feedLimit),
  );
  void queries.invalidateQueries({ queryKey: ['releases'] });
  if ('release' in event.data && event.data.release)
    void queries.invalidateQueries({ queryKey: ['release', event.data.release] });
}

function parseEvent(data: string): ShipitEvent | undefined {
  try {
    return ShipitEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
