import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gitEnvironment } from './bare-repository.js';

interface BackendCall {
  repository: string;
  endpoint: string;
  query: string;
}

const MAX_HEADER_BYTES = 64 * 1024;

/** Hands one request to `git http-backend` (a CGI program) and its answer back to the client. */
export async function runHttpBackend(
  request: IncomingMessage,
  response: ServerResponse,
  { repository, endpoint, query }: BackendCall,
): Promise<void> {
  const backend = spawn('git', ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: repository,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: `/${endpoint}`,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? 'GET',
      REMOTE_USER: 'git',
      REMOTE_ADDR: '127.0.0.1',
      ...optional('CONTENT_TYPE', request.headers['content-type']),
      // Left out for a chunked body: http-backend then reads to the end.
      ...optional('CONTENT_LENGTH', request.headers['content-length']),
      ...optional('HTTP_CONTENT_ENCODING', request.headers['content-encoding']),
      ...optional('GIT_PROTOCOL', request.headers['git-protocol']),
    },
  });
  backend.stdin.on('error', () => undefined);
  backend.stderr.resume();
  request.pipe(backend.stdin);
  // A client that left must not undo a push that was received whole; one that left half-way ends the input.
  request.once('close', () => backend.stdin.end());
  await relay(backend, response);
}

async function relay(backend: ChildProcessWithoutNullStreams, response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    let head: Buffer | undefined = Buffer.alloc(0);
    backend.once('error', reject);
    backend.stdout.on('data', (chunk: Buffer) => {
      if (!head) {
        if (!response.write(chunk) && !response.destroyed) pauseUntilDrained(backend, response);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) {
        if (head.length > MAX_HEADER_BYTES) backend.kill();
        return;
      }
      writeHead(response, head.subarray(0, end).toString('latin1'));
      response.write(head.subarray(end + 4));
      head = undefined;
    });
    response.once('close', () => backend.stdout.resume());
    backend.once('close', () => {
      if (head) reject(new Error('ended without an answer'));
      else response.end(resolve);
      if (response.destroyed) resolve();
    });
  });
}

function pauseUntilDrained(backend: ChildProcessWithoutNullStreams, response: ServerResponse): void {
  backend.stdout.pause();
  response.once('drain', () => backend.stdout.resume());
}

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/.exec(line) ?? [];
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else if (name) response.setHeader(name, value);
  }
  response.writeHead(status);
}

function optional(name: string, value: string | string[] | undefined): Record<string, string> {
  return typeof value === 'string' ? { [name]: value } : {};
}
