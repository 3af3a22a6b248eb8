import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeConfig } from '@kubernetes/client-node';
import { ClusterError, errorFromAnswer } from './cluster-error.js';
import { readBody } from './read-body.js';

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  path: string;
  query?: Record<string, string | undefined>;
  body?: unknown;
  contentType?: string;
  /** Of the answer. */
  maxBytes?: number | undefined;
  /** For the error's message: "read Pod default/x in cluster main". */
  doing: string;
}

export interface ConnectionOptions {
  userAgent: string;
  deadlineMs: number;
  headers?: Record<string, string>;
}

interface Access {
  agent: http.Agent | false;
  headers: http.OutgoingHttpHeaders;
  until: number;
}

/** How long what the kubeconfig said is believed; a 401 ends it at once. */
const accessMs = 30_000;
const throttledAttempts = 5;

/**
 * JSON over kept-alive connections to one API server, with the credentials of a kubeconfig. client-node's own
 * calls make a new TLS connection each time, and know no deadline.
 */
export class ApiConnection {
  private access: Promise<Access> | undefined;
  private readonly server: URL;

  constructor(
    private readonly config: KubeConfig,
    private readonly options: ConnectionOptions,
  ) {
    this.server = new URL(config.getCurrentCluster()?.server ?? '');
  }

  /** The same server as somebody else. */
  withHeaders(headers: Record<string, string>): ApiConnection {
    return new ApiConnection(this.config, { ...this.options, headers: { ...this.options.headers, ...headers } });
  }

  /** The parsed answer; waits as told when the server is busy, up to the deadline. */
  async call(request: ApiRequest): Promise<unknown> {
    const signal = AbortSignal.timeout(this.options.deadlineMs);
    const ends = Date.now() + this.options.deadlineMs;
    for (let attempt = 1; ; attempt += 1) {
      const response = await this.send(request, signal);
      const { statusCode = 0 } = response;
      const body = await readBody(response, request.doing, request.maxBytes);
      if (statusCode < 300) return body;
      const error = errorFromAnswer(request.doing, statusCode, body, retryAfter(response));
      if (statusCode === 401) this.access = undefined;
      const waitMs = waitBefore(error, attempt, statusCode);
      if (waitMs === undefined || Date.now() + waitMs >= ends) throw error;
      await sleep(waitMs);
    }
  }

  /** The answer's head for a watch, within the deadline; after that the signal alone ends it. */
  async open(request: ApiRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const ending = new AbortController();
    const end = () => ending.abort();
    const deadline = setTimeout(end, this.options.deadlineMs);
    signal.addEventListener('abort', end, { once: true });
    try {
      const response = await this.send(request, ending.signal);
      response.once('close', () => signal.removeEventListener('abort', end));
      if (response.statusCode === 200) return response;
      if (response.statusCode === 401) this.access = undefined;
      const body = await readBody(response, request.doing);
      throw errorFromAnswer(request.doing, response.statusCode ?? 0, body, retryAfter(response));
    } catch (error) {
      signal.removeEventListener('abort', end);
      throw error;
    } finally {
      clearTimeout(deadline);
    }
  }

  close(): void {
    void this.access?.then(
      ({ agent }) => agent && agent.destroy(),
      () => undefined,
    );
    this.access = undefined;
  }

  private async send(request: ApiRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const access = await this.resolveAccess(request.doing);
    try {
      return await this.exchange(request, access, signal);
    } catch (error) {
      // The server had closed the kept-alive connection just before: nothing was read, so idempotent calls go again.
      if (!isStaleSocket(error) || request.method === 'POST') throw unreachable(request.doing, error, signal);
    }
    try {
      return await this.exchange(request, access, signal);
    } catch (error) {
      throw unreachable(request.doing, error, signal);
    }
  }

  private exchange(request: ApiRequest, access: Access, signal: AbortSignal): Promise<http.IncomingMessage> {
    const url = new URL(this.server.href.replace(/\/$/, '') + request.path);
    for (const [name, value] of Object.entries(request.query ?? {}))
      if (value !== undefined) url.searchParams.set(name, value);
    const payload = request.body === undefined ? undefined : Buffer.from(JSON.stringify(request.body));
    const headers: http.OutgoingHttpHeaders = {
      ...access.headers,
      ...this.options.headers,
      accept: 'application/json',
      'user-agent': this.options.userAgent,
      ...(payload
        ? { 'content-type': request.contentType ?? 'application/json', 'content-length': payload.length }
        : {}),
    };
    const client = url.protocol === 'http:' ? http : https;
    return new Promise((resolve, reject) => {
      const outgoing = client.request(url, { method: request.method, agent: access.agent, headers, signal }, resolve);
      outgoing.on('error', (error) => reject(Object.assign(error, { wasReused: outgoing.reusedSocket })));
      outgoing.end(payload);
    });
  }

  private async resolveAccess(doing: string): Promise<Access> {
    const known = await this.access?.catch(() => undefined);
    if (known && known.until > Date.now()) return known;
    this.access = this.loadAccess(known);
    try {
      return await this.access;
    } catch (cause) {
      this.access = undefined;
      throw new ClusterError('Unreachable', `${doing}: the kubeconfig's credentials cannot be read`, { cause });
    }
  }

  private async loadAccess(known: Access | undefined): Promise<Access> {
    const options: https.RequestOptions = {};
    await this.config.applyToHTTPSOptions(options);
    const headers: http.OutgoingHttpHeaders = { ...(options.headers as http.OutgoingHttpHeaders | undefined) };
    if (options.auth) headers['authorization'] = `Basic ${Buffer.from(options.auth).toString('base64')}`;
    const agent = this.config.getCurrentCluster()?.proxyUrl ? (options.agent ?? false) : this.keepAliveAgent(options);
    if (typeof agent === 'boolean') return { agent: false, headers, until: Date.now() + accessMs };
    const isSame = known?.agent && sameMaterial(known.agent, agent);
    return { agent: isSame && known.agent ? known.agent : agent, headers, until: Date.now() + accessMs };
  }

  private keepAliveAgent(options: https.RequestOptions): http.Agent {
    if (this.server.protocol === 'http:') return new http.Agent({ keepAlive: true });
    const { ca, cert, key, pfx, passphrase, servername, rejectUnauthorized } = options;
    const material = Object.entries({ ca, cert, key, pfx, passphrase, servername, rejectUnauthorized });
    return new https.Agent({
      keepAlive: true,
      ...Object.fromEntries(material.filter(([, value]) => value !== undefined)),
    });
  }
}

function sameMaterial(a: http.Agent, b: http.Agent): boolean {
  const text = (agent: http.Agent) => {
    const { ca, cert, key } = (agent as https.Agent).options;
    return [ca, cert, key].map(String).join('\n');
  };
  return text(a) === text(b);
}

/** Busy servers are obeyed; expired credentials are read anew once. */
function waitBefore(error: ClusterError, attempt: number, status: number): number | undefined {
  if (status === 401) return attempt === 1 ? 0 : undefined;
  if (error.reason !== 'TooManyRequests' || attempt >= throttledAttempts) return undefined;
  return (error.retryAfterSeconds ?? 1) * 1000;
}

function retryAfter(response: http.IncomingMessage): number | undefined {
  const seconds = Number(response.headers['retry-after']);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

function isStaleSocket(error: unknown): boolean {
  const { code, wasReused } = error as { code?: string; wasReused?: boolean };
  return wasReused === true && (code === 'ECONNRESET' || code === 'EPIPE');
}

function unreachable(doing: string, cause: unknown, signal: AbortSignal): ClusterError {
  if (cause instanceof ClusterError) return cause;
  const why = signal.aborted
    ? 'no answer in time'
    : ((cause as NodeJS.ErrnoException).code ?? (cause as Error).message);
  return new ClusterError('Unreachable', `${doing}: ${why}`, { cause });
}
