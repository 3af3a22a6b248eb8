import { Problem } from '@shipit/contracts';
import type { z } from 'zod';
import { CliError } from '../output/cli-error.js';
import type { Connection } from '../config.js';

const deadlineMs = 60_000;

/** Asks the API of a server. Every failure is a {@link CliError} that says what to do. */
export class ApiClient {
  constructor(private readonly connection: Connection) {}

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.read(await this.send(path, { signal: AbortSignal.timeout(deadlineMs) }), schema);
  }

  async post<T>(path: string, body: object, schema: z.ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() };
    return this.read(
      await this.send(path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(deadlineMs),
      }),
      schema,
    );
  }

  /** The server's events as they come, after the one named. Ends when the server ends the stream. */
  async stream(path: string, after: string | undefined, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers = { accept: 'text/event-stream', ...(after !== undefined && { 'last-event-id': after }) };
    const response = await this.send(path, { headers, signal });
    if (!response.ok || !response.body) throw await problemOf(response);
    return response.body as ReadableStream<Uint8Array>;
  }

  private async send(path: string, init: RequestInit & { headers?: Record<string, string> }): Promise<Response> {
    const { url, token } = this.connection;
    const headers = { accept: 'application/json', authorization: `Bearer ${token}`, ...init.headers };
    return fetch(`${url}/api/v1${path}`, { ...init, headers, redirect: 'error' }).catch((error: unknown) => {
      if (error instanceof Error && error.name === 'TimeoutError')
        throw new CliError(`${url} did not answer within ${deadlineMs / 1000} s`);
      if (init.signal?.aborted) throw error;
      throw new CliError(`${url} is not reachable. Is the server running?`);
    });
  }

  private async read<T>(response: Response, schema: z.ZodType<T>): Promise<T> {
    if (!response.ok) throw await problemOf(response);
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    if (parsed.success) return parsed.data;
    throw new CliError(
      `${this.connection.url} gave an answer that is not understood: is it a Ship-it of another version?`,
    );
  }
}

async function problemOf(response: Response): Promise<CliError> {
  const problem = Problem.safeParse(await response.json().catch(() => undefined)).data;
  return new CliError(problem ? `${problem.detail} (${problem.code})` : `the server answered ${response.status}`);
}
