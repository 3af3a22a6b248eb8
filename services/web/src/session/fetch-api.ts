import { Problem } from '@shipit/contracts';
import type { z } from 'zod';
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

export interface ApiRequest {
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  signal?: AbortSignal | undefined;
  /** The whole answer must be there by then; a stream has no limit. */
  limitMs?: number;
}

/** Asks the API of this page's own origin and reads its JSON. Rejects with a {@link ServerProblem} alone, or where the signal aborts. */
export async function askApi<T>(path: string, schema: z.ZodType<T>, request: ApiRequest = {}): Promise<T> {
  const response = await fetchApi(path, { limitMs: 15_000, ...request });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw problemOf(response.status, body);
  const { data, success } = schema.safeParse(body);
  if (success) return data;
  throw new ServerProblem(
    response.status,
    'The answer of the server was not understood. Reload the page: it may be older.',
  );
}

/** As fetch, with this browser's token. Rejects with a {@link ServerProblem} of status 0 where nobody answers. */
export async function fetchApi(path: string, { limitMs, signal, headers, ...init }: ApiRequest): Promise<Response> {
  const signals = [signal, limitMs === undefined ? undefined : AbortSignal.timeout(limitMs)];
  return fetch(`/api/v1${path}`, {
    ...init,
    headers: { accept: 'application/json', authorization: `Bearer ${readToken() ?? ''}`, ...headers },
    signal: AbortSignal.any(signals.filter((one) => one !== undefined)),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ServerProblem(0, 'The server is not reachable');
  });
}

function problemOf(status: number, body: unknown): ServerProblem {
  return new ServerProblem(status, Problem.safeParse(body).data?.detail ?? `The server answered ${status}`);
}
