import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';
import type { Readiness } from './readiness.js';

export interface ServiceServer {
  /** `http://127.0.0.1:4711` */
  readonly address: string;
  /** Everything but health and metrics goes here; until then 404. */
  serve(listener: RequestListener): void;
  /** Takes no more connections and waits for those in hand. */
  close(): Promise<void>;
}

/** The HTTP server every service has: `/healthz` (the process lives), `/readyz` (it can work), `/metrics`. */
export async function startServer(
  { host, port }: { host: string; port: number },
  { readiness, metrics }: { readiness: Readiness; metrics: Metrics },
): Promise<ServiceServer> {
  let rest: RequestListener = (_, response) => answer(response, 404, { status: 404, title: 'Not Found' });
  const own: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/healthz': async (response) => answer(response, 200, { status: 'ok' }),
    '/readyz': async (response) => {
      const state = await readiness.read();
      answer(response, state.ready ? 200 : 503, state);
    },
    '/metrics': async (response) => {
      const text = await metrics.registry.metrics();
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(text);
    },
  };
  const server = createServer((request, response) => {
    const route = request.method === 'GET' ? own[(request.url ?? '').split('?')[0] ?? ''] : undefined;
    if (!route) return rest(request, response);
    route(response).catch(() => response.destroy());
  });
  await listen(server, host, port);
  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    address: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    serve: (listener) => {
      rest = listener;
    },
    close: () => close(server),
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Readers of streams that did not let go at the abort signal have one second more.
  const timer = setTimeout(() => server.closeAllConnections(), 1_000);
  await closed;
  clearTimeout(timer);
}
