import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { stringify } from 'yaml';
import { type Certificates, createCertificates } from '../kubernetes/certificates.js';
import { type ChartsToServe, type PackedChart, readCharts } from './read-charts.js';

export interface ChartRepositoryOptions {
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly charts: ChartsToServe;
  /** A certificate for 127.0.0.1; absent: one is made, with an authority of its own. */
  readonly tls?: Certificates | undefined;
  /** Basic authentication that every request needs. */
  readonly credentials?: { readonly username: string; readonly password: string } | undefined;
}

export interface EmbeddedChartRepository {
  readonly url: string;
  /** The authority to trust, in PEM. */
  readonly ca: string;
  close(): Promise<void>;
}

/** Serves `index.yaml` and chart archives over https on 127.0.0.1. Charts are read anew for each index. */
export async function startChartRepository(options: ChartRepositoryOptions): Promise<EmbeddedChartRepository> {
  const tls = options.tls ?? (await createCertificates());
  await readCharts(options.charts);
  const server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
    answer(options, request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ca: tls.ca,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  options: ChartRepositoryOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!isAllowed(request, options.credentials)) {
    response.writeHead(401, { 'www-authenticate': 'Basic realm="charts"' }).end();
    return;
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const path = (request.url ?? '/').split('?')[0];
  const charts = await readCharts(options.charts);
  if (path === '/index.yaml') {
    send(request, response, { body: Buffer.from(formatIndex(charts)), type: 'text/yaml' });
    return;
  }
  const chart = charts.find(({ fileName }) => path === `/${encodeURIComponent(fileName)}` || path === `/${fileName}`);
  if (chart) send(request, response, { body: chart.archive, type: 'application/gzip' });
  else response.writeHead(404).end();
}

/** Helm's index format. Without times, so that it changes only with the charts. */
function formatIndex(charts: readonly PackedChart[]): string {
  const entries: Record<string, object[]> = {};
  for (const { metadata, fileName, digest } of charts) {
    const versions = (entries[metadata.name] ??= []);
    versions.push({ ...metadata, urls: [fileName], digest });
  }
  return stringify({ apiVersion: 'v1', entries, generated: '2020-01-01T00:00:00Z' });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { body, type }: { body: Uint8Array; type: string },
): void {
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, etag });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function isAllowed(request: IncomingMessage, credentials: ChartRepositoryOptions['credentials']): boolean {
  if (!credentials) return true;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`;
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(wanted));
}
