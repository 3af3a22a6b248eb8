import {
  Accepted,
  Explanation,
  listOf,
  ReleaseDetail,
  ReleaseHistory,
  ReleaseResource,
  ReleaseSummary,
  type RollbackBody,
  ShipitEvent,
} from '@shipit/contracts';
import { z } from 'zod';
import { askApi } from './fetch-api.js';

const ReleaseList = listOf(ReleaseSummary);
const ResourceList = listOf(ReleaseResource);
const EventList = listOf(z.object({ cursor: z.string(), event: z.unknown() }));

/** An event with its place in the server's log. */
export interface LoggedEvent {
  cursor: string;
  event: ShipitEvent;
}

/** What the page asks of the server. */
export const api = {
  releases,
  events,
  release: (key: string, signal?: AbortSignal) => askApi(pathOf(key), ReleaseDetail, { signal }),
  explain: (key: string, signal?: AbortSignal) => askApi(`${pathOf(key)}/explain`, Explanation, { signal }),
  resources: async (key: string, signal?: AbortSignal) =>
    (await askApi(`${pathOf(key)}/resources`, ResourceList, { signal })).items,
  history: async (key: string, signal?: AbortSignal) =>
    (await askApi(`${pathOf(key)}/history`, ReleaseHistory, { signal })).items,
  rollback: (key: string, body: RollbackBody, idempotencyKey: string) =>
    askApi(`${pathOf(key)}/rollback`, Accepted, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': idempotencyKey },
      body: JSON.stringify(body),
      limitMs: 45_000,
    }),
  /** Rejects with status 401 where the server does not know the token. */
  checkToken: (token: string) =>
    askApi('/releases?limit=1', ReleaseList, { headers: { authorization: `Bearer ${token}` } }),
};

/** All of them, page by page. */
async function releases(signal?: AbortSignal): Promise<ReleaseSummary[]> {
  const all: ReleaseSummary[] = [];
  let cursor: string | undefined;
  do {
    const query = new URLSearchParams({ limit: '500', ...(cursor !== undefined && { cursor }) });
    const { items, nextCursor } = await askApi(`/releases?${query}`, ReleaseList, { signal });
    all.push(...items);
    cursor = nextCursor;
  } while (cursor !== undefined);
  return all;
}

/** The newest ones. Events of a type that this page does not know yet are left out. */
async function events(signal?: AbortSignal): Promise<LoggedEvent[]> {
  const { items } = await askApi('/events?limit=200', EventList, { signal });
  return items.flatMap(({ cursor, event }) => {
    const { data } = ShipitEvent.safeParse(event);
    return data ? [{ cursor, event: data }] : [];
  });
}

function pathOf(key: string): string {
  return `/releases/${key.split('/').map(encodeURIComponent).join('/')}`;
}
