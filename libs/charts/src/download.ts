import { request as requestPlain, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { setTimeout as delay } from 'node:timers/promises';
import { ChartError } from './chart-error.js';

export interface DownloadLimits {
  maxBytes: number;
  timeoutSeconds: number;
}

/** Sent only to addresses that begin with `prefix` (scheme, host and path), and never after a redirect. */
export interface Credential {
  prefix: string;
  authorization: string;
}

export interface DownloadOptions {
  credentials?: readonly Credential[];
  /** PEM; in place of the system's authorities. */
  ca?: string;
  /** For tests and the playground: `http://` as well. */
  allowPlainHttp?: boolean;
}

export interface Downloaded {
  /** Undefined where the server says that it did not change. */
  body: Uint8Array | undefined;
  etag: string | undefined;
  url: URL;
}

const MAX_REDIRECTS = 5;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 250;

/**
 * One file by GET within its limits.
 *
 * Servers that do not answer, and those that say they cannot now, are asked again; the whole has one deadline.
 */
export async function download(
  url: URL,
  limits: DownloadLimits,
  options: DownloadOptions,
  etag?: string,
): Promise<Downloaded> {
  const signal = AbortSignal.timeout(limits.timeoutSeconds * 1000);
  for (let attempt = 1; ; attempt++) {
    try {
      return await follow(url, limits, options, { signal, etag });
    } catch (error) {
      const failure = signal.aborted
        ? failed(url, `no whole answer within ${limits.timeoutSeconds} s`, true)
        : asFailure(url, error);
      if (!failure.isTransient || attempt === ATTEMPTS || signal.aborted) throw failure;
      await delay(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

interface Round {
  signal: AbortSignal;
  etag: string | undefined;
}

async function follow(start: URL, limits: DownloadLimits, options: DownloadOptions, round: Round): Promise<Downloaded> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    checkScheme(url, options);
    const headers: Record<string, string> = { 'user-agent': 'ship-it', accept: '*/*', 'accept-encoding': 'identity' };
    const credential = options.credentials?.find(({ prefix }) => isWithin(url, prefix));
    if (credential && hop === 0) headers['authorization'] = credential.authorization;
    if (round.etag && hop === 0) headers['if-none-match'] = round.etag;
    const response = await send(url, headers, options, round.signal);
    const location = response.headers.location;
    if (isRedirect(response.statusCode) && location) {
      response.destroy();
      url = nextUrl(url, location);
      continue;
    }
    return { ...(await receive(url, response, limits)), url };
  }
  throw failed(start, `it redirects more than ${MAX_REDIRECTS} times`, false);
}

function send(
  url: URL,
  headers: Record<string, string>,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'http:' ? requestPlain : requestTls;
    const outgoing = open(
      url,
      { headers, signal, agent: false, ...(options.ca !== undefined && { ca: options.ca }) },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function receive(url: URL, response: IncomingMessage, limits: DownloadLimits): Promise<Omit<Downloaded, 'url'>> {
  const status = response.statusCode ?? 0;
  const etag = response.headers.etag;
  if (status !== 200) {
    response.destroy();
    if (status === 304) return { body: undefined, etag };
    if (status === 404)
      throw new ChartError('SHIPIT_CHART_NOT_FOUND', `Getting ${shown(url)}: it does not exist (404)`);
    throw failed(
      url,
      `the server answered ${status}${hintFor(status)}`,
      status >= 500 || status === 429 || status === 408,
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.maxBytes) throw failed(url, `it is larger than ${limits.maxBytes} bytes`, false);
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), etag };
}

function checkScheme(url: URL, options: DownloadOptions): void {
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && options.allowPlainHttp === true);
  if (!isAllowed || url.username !== '' || url.password !== '') {
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `Getting ${shown(url)}: only https:// addresses without credentials in them are used`,
    );
  }
}

function isWithin(url: URL, prefix: string): boolean {
  const allowed = new URL(prefix);
  const folder = allowed.pathname.endsWith('/') ? allowed.pathname : `${allowed.pathname}/`;
  return url.origin === allowed.origin && `${url.pathname}/`.startsWith(folder);
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && [301, 302, 303, 307, 308].includes(status);
}

function nextUrl(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw failed(from, 'it redirects to what is no address', false);
  return new URL(location, from);
}

function hintFor(status: number): string {
  return status === 401 || status === 403 ? ': check the credentials configured for this repository' : '';
}

function asFailure(url: URL, error: unknown): ChartError {
  if (error instanceof ChartError) return error;
  return failed(url, error instanceof Error ? error.message : String(error), true, error);
}

function failed(url: URL, reason: string, isTransient: boolean, cause?: unknown): ChartError {
  return new ChartError('SHIPIT_CHART_DOWNLOAD', `Getting ${shown(url)}: ${reason}`, { cause, isTransient });
}

/** Without what may be secret. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
