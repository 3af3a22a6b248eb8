import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';

import { ApiError } from '../api-error.js';
import type { Certificates } from '../certificates.js';
import { readRequest } from './api-request.js';
import type { ObjectWriter } from './object-writer.js';
import type { Reply, ReplyStream } from './reply.js';
import { route } from './routes.js';

const MAX_UNREAD = 16 * 1024 * 1024;

export interface ServerOptions {
  port: number;
  certificates: Certificates;
  token: string;
}

/** Serves the API over TLS. Resolves with the port once it listens. */
export async function serve(
  writer: ObjectWriter,
  options: ServerOptions,
): Promise<{ port: number; close: () => Promise<void> }> {
  const { key, cert } = options.certificates;
  const server = createServer(
    { key, cert },
    (message, response) => void answer(writer, options.token, message, response),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return { port: (server.address() as AddressInfo).port, close: () => close(server) };
}

async function answer(
  writer: ObjectWriter,
  token: string,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    checkToken(message, token);
    const request = await readRequest(message);
    send(response, route(writer, request));
  } catch (error) {
    const told =
      error instanceof ApiError
        ? error
        : new ApiError(500, 'InternalError', `Internal error occurred: ${String(error)}`);
    send(response, { code: told.code, body: told.status });
  }
}

/** Health may be asked for by anyone; everything else needs the token. */
function checkToken(message: IncomingMessage, token: string): void {
  if (/^\/(healthz|livez|readyz|version)(\?|$)/.test(message.url ?? '')) return;
  const given = /^Bearer (.+)$/.exec(message.headers.authorization ?? '')?.[1] ?? '';
  if (!timingSafeEqual(digest(given), digest(token))) throw new ApiError(401, 'Unauthorized', 'Unauthorized');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function send(response: ServerResponse, reply: Reply): void {
  if ('stream' in reply) {
    reply.stream(streamOf(response));
    return;
  }
  if (response.headersSent) return;
  const warnings = (reply.warnings ?? []).map((text) => `299 - ${JSON.stringify(text)}`);
  if (warnings.length > 0) response.setHeader('Warning', warnings);
  response.writeHead(reply.code, { 'Content-Type': reply.contentType ?? 'application/json' });
  response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body));
}

function streamOf(response: ServerResponse): ReplyStream {
  return {
    start: (contentType) => {
      response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-cache' });
      response.flushHeaders();
    },
    write: (text) => {
      if (response.writableEnded || response.destroyed) return;
      response.write(text);
      // A client that does not read must not fill our memory; it lists again when it comes back.
      if (response.writableLength > MAX_UNREAD) response.destroy();
    },
    end: () => response.end(),
    onClose: (listener) => void response.once('close', listener),
  };
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
