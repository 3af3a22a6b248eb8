import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { runCommand } from '../src/run-command.js';

/** A server that answers each path with what a test says, and a terminal in front of it. */
export async function setUp(answers: Record<string, unknown> = {}) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = (request.url ?? '').replace('/api/v1', '').split('?')[0] ?? '';
    asked.push(`${request.method} ${request.url} ${request.headers.authorization}`);
    const answer = answers[path];
    if (typeof answer === 'string') {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(answer);
      return;
    }
    const detail = 'There is no release default/nobody.';
    const problem = { type: 'about:blank', title: 'Not found', status: 404, code: 'SHIPIT_RELEASE_NOT_FOUND', detail };
    response
      .writeHead(answer ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer ?? problem));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = { SHIPIT_SERVER: url, SHIPIT_TOKEN: 'a-token' };
  return {
    asked,
    url,
    shipit: (words: string, options: RunOptions = {}) => run(words, { environment, ...options }),
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export interface RunOptions {
  environment?: NodeJS.ProcessEnv;
  columns?: number;
  /** Enough is seen when this is printed. */
  until?: string;
  /** What stands in standard input. */
  input?: string | Uint8Array;
}

/** Runs a command line; a word with spaces stands in single quotes. */
export async function run(words: string, { environment = {}, columns, until, input = '' }: RunOptions = {}) {
  const [out, error]: [string[], string[]] = [[], []];
  const stop = new AbortController();
  const code = await runCommand(
    [...words.matchAll(/'([^']*)'|\S+/g)].map(([whole, quoted]) => quoted ?? whole),
    {
      environment,
      columns,
      write: (text) => {
        out.push(text);
        if (until !== undefined && text.includes(until)) stop.abort();
      },
      writeError: (text) => void error.push(text),
      readInput: async () => Buffer.from(input),
      stopping: () => stop.signal,
    },
  );
  return { code, out: out.join(''), error: error.join('') };
}
