import {
  Accepted,
  Explanation,
  listOf,
  Problem,
  ReleaseDetail,
  ReleaseHistory,
  ReleaseResource,
  ReleaseSummary,
  type RollbackBody,
  ShipitEvent,
} from '@shipit/contracts';
import { z } from 'zod';
import { readToken } from './session.js';

/** What the server answered instead of what was asked for. Status 0: it did not answer. */
export class ServerProblem extends Error {
  override readonly name = 'ServerProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const ReleaseList = listOf(ReleaseSummary);
const ResourceList = listOf(ReleaseResource);
const EventList = z.object({
  items: z.array(z.object({ cursor: z.string(), event: ShipitEvent })),
  nextCursor: z.string().optional(),
});
export type LoggedEvent = z.infer<typeof EventList>['items'][number];

export const api = {
  releases: () => get('/releases?limit=500', ReleaseList).then(({ items }) => items),
  release: (key: string) => get(`/releases/${key}`, ReleaseDetail),
  explain: (key: string) => get(`/releases/${key}/explain`, Explanation),
  resources: (key: string) => get(`/releases/${key}/resources`, ResourceList).then(({ items }) => items),
  history: (key: string) => get(`/releases/${key}/history`, ReleaseHistory).then(({ items }) => items),
  events: () => get('/events?limit=200', EventList).then(({ items }) => items),
  rollback: (key: string, body: RollbackBody) => send(`/releases/${key}/rollback`, body),
};

function get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
  return ask(path, schema);
}

function send(path: string, body: object): Promise<Accepted> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
  return ask(path, Accepted, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<T>(
  path: string,
  schema: z.ZodType<T>,
  init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<T> {
  const response = await fetchApi(path, init);
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok)
    throw new ServerProblem(
      response.status,
      Problem.safeParse(body).data?.detail ?? `The server answered ${response.status}`,
    );
  return schema.parse(body);
}

/** Asks the API of this page's own origin. Rejects with a {@link ServerProblem} of status 0 where nobody answers. */
export async function fetchApi(
  path: string,
  init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { accept: 'application/json', authorization: `Bearer ${readToken() ?? ''}`, ...init.headers };
  return fetch(`/api/v1${path}`, { ...init, headers }).catch((error: unknown) => {
    if (init.signal?.aborted) throw error;
    throw new ServerProblem(0, 'The server is not reachable');
  });
}
