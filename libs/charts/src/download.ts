import { request as requestPlain, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { request as requestTls } from 'node:https';
import { ChartError } from './chart-error.js';
import { retry } from './retry.js';
import { tlsFailure } from './tls-failure.js';

export interface DownloadLimits {
  maxBytes: number;
  timeoutSeconds: number;
}

/** Sent only to addresses that begin with `prefix` (scheme, host and path), and never after a redirect. */
export interface Credential {
  /** `https://host/path`; for registries also `oci://host/path`. */
  prefix: string;
  authorization: string;
}

/** Asked where none of the credentials at hand is for an address; undefined: none is known. */
export type FindCredential = (address: URL, kind: 'registry' | 'server') => Promise<string | undefined>;

export interface DownloadOptions {
  credentials?: readonly Credential[];
  findCredential?: FindCredential;
  /** PEM; in place of the system's authorities. */
  ca?: string;
  /** For tests and the playground: `http://` as well. */
  allowPlainHttp?: boolean;
}

export interface DownloadRequest {
  etag?: string | undefined;
  /** Media types, as the header has them. */
  accept?: string;
  /** Makes it a POST. Only for questions, which may be repeated. */
  question?: { body: Uint8Array; type: string };
  /** In place of the credential configured for the address; it is not sent after a redirect either. */
  authorization?: string | undefined;
  /** 401 is an answer with an undefined body, not an error. */
  isChallengeTaken?: boolean;
  isRedirectRefused?: boolean;
  /** A deadline over several downloads; else each has its own. */
  signal?: AbortSignal;
}

export interface Downloaded {
  /** Undefined where the server says that it did not change, or asks for credentials. */
  body: Uint8Array | undefined;
  headers: IncomingHttpHeaders;
  url: URL;
}

const MAX_REDIRECTS = 5;

/**
 * One answer within its limits.
 *
 * Servers that do not answer, and those that say they cannot now, are asked again; the whole has one deadline.
 */
export async function download(
  url: URL,
  limits: DownloadLimits,
  options: DownloadOptions,
  request: DownloadRequest = {},
): Promise<Downloaded> {
  const signal = request.signal ?? AbortSignal.timeout(limits.timeoutSeconds * 1000);
  const run = (): Promise<Downloaded> => follow(url, limits, options, { ...request, signal });
  return retry(signal, run, (error) =>
    signal.aborted ? failed(url, `no whole answer within ${limits.timeoutSeconds} s`, true) : asFailure(url, error),
  );
}

interface Round extends DownloadRequest {
  signal: AbortSignal;
}

async function follow(start: URL, limits: DownloadLimits, options: DownloadOptions, round: Round): Promise<Downloaded> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    checkScheme(url, options);
    const headers = hop === 0 ? await headersFor(url, options, round) : plainHeaders(round);
    const response = await send(url, headers, options, round);
    const location = response.headers.location;
    if (isRedirect(response.statusCode) && location) {
      response.destroy();
      url = nextUrl(url, location);
      if (round.isRedirectRefused) throw failed(start, `it redirects to ${shown(url)}: use that address`, false);
      continue;
    }
    return { ...(await receive(url, response, limits, round)), url };
  }
  throw failed(start, `it redirects more than ${MAX_REDIRECTS} times`, false);
}

function plainHeaders({ accept = '*/*', question }: Round): Record<string, string> {
  return {
    'user-agent': 'ship-it',
    accept,
    'accept-encoding': 'identity',
    ...(question && { 'content-type': question.type, 'content-length': String(question.body.length) }),
  };
}

/** What only the first address is told. */
async function headersFor(url: URL, options: DownloadOptions, round: Round): Promise<Record<string, string>> {
  const authorization =
    round.authorization ?? authorizationFor(url, options) ?? (await options.findCredential?.(url, 'server'));
  return {
    ...plainHeaders(round),
    ...(authorization !== undefined && { authorization }),
    ...(round.etag !== undefined && { 'if-none-match': round.etag }),
  };
}

/** The credential configured for an address. */
export function authorizationFor(url: URL, { credentials }: DownloadOptions): string | undefined {
  return credentials?.find(({ prefix }) => isWithin(url, prefix))?.authorization;
}

/** For addresses whose credentials are chosen by other rules. */
export function withoutCredentials({ ca, allowPlainHttp }: DownloadOptions): DownloadOptions {
  return { ...(ca !== undefined && { ca }), ...(allowPlainHttp !== undefined && { allowPlainHttp }) };
}

function send(
  url: URL,
  headers: Record<string, string>,
  options: DownloadOptions,
  { signal, question }: Round,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const open = url.protocol === 'http:' ? requestPlain : requestTls;
    const method = question ? 'POST' : 'GET';
    const outgoing = open(
      url,
      { method, headers, signal, agent: false, ...(options.ca !== undefined && { ca: options.ca }) },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.end(question?.body);
  });
}

async function receive(
  url: URL,
  response: IncomingMessage,
  limits: DownloadLimits,
  { isChallengeTaken }: Round,
): Promise<Omit<Downloaded, 'url'>> {
  const status = response.statusCode ?? 0;
  const { headers } = response;
  if (status !== 200) {
    response.destroy();
    if (status === 304 || (status === 401 && isChallengeTaken)) return { body: undefined, headers };
    throw refusal(url, status);
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limits.maxBytes) throw failed(url, `it is larger than ${limits.maxBytes} bytes`, false);
    chunks.push(chunk);
  }
  return { body: Buffer.concat(chunks), headers };
}

function refusal(url: URL, status: number): ChartError {
  if (status === 404) return new ChartError('SHIPIT_CHART_NOT_FOUND', `Getting ${shown(url)}: it does not exist (404)`);
  const isTransient = status >= 500 || status === 429 || status === 408;
  return failed(url, `the server answered ${status}${hintFor(status)}`, isTransient);
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
  const allowed = new URL(prefix.replace(/^oci:/, 'https:'));
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
  const other = { reason: error instanceof Error ? error.message : String(error), isTransient: true };
  const { reason, isTransient } = tlsFailure(error) ?? other;
  return failed(url, reason, isTransient, error);
}

function failed(url: URL, reason: string, isTransient: boolean, cause?: unknown): ChartError {
  return new ChartError('SHIPIT_CHART_DOWNLOAD', `Getting ${shown(url)}: ${reason}`, { cause, isTransient });
}

/** Without what may be secret. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
