import type { GitHttpRequest, GitHttpResponse, HttpClient } from 'isomorphic-git';
import { GitError } from './git-error.js';

export interface HttpTransportOptions {
  url: string;
  /** Sent as the password of basic authentication, to this origin only. */
  token?: string | undefined;
  /** Default `x-access-token`, which GitHub, Gitea and GitLab take. */
  username?: string | undefined;
  requestTimeoutMs: number;
  maxResponseBytes: number;
}

const MAX_WORDS = 300;

type Request = Omit<GitHttpRequest, 'body'> & { body?: Iterable<Uint8Array> | AsyncIterable<Uint8Array> };
type Answer = GitHttpResponse & { body: AsyncIterableIterator<Uint8Array> };

/**
 * The one HTTP client of a repository, in the shape isomorphic-git asks for. Every request has a deadline and a byte cap;
 * redirects are refused, so a token cannot be carried elsewhere.
 */
export class HttpTransport {
  private readonly base: URL;
  private readonly authorization: string | undefined;

  constructor(private readonly options: HttpTransportOptions) {
    this.base = new URL(options.url);
    if (!['http:', 'https:'].includes(this.base.protocol)) {
      throw new GitError('SHIPIT_GIT_REFUSED', `${this.base.protocol}// is not supported for git, use https://`);
    }
    if (this.base.username || this.base.password) {
      throw new GitError(
        'SHIPIT_GIT_REFUSED',
        'The address of a repository must not contain credentials, configure a token instead',
      );
    }
    const { token, username = 'x-access-token' } = options;
    if (token) this.authorization = `Basic ${Buffer.from(`${username}:${token}`).toString('base64')}`;
  }

  /** A client whose requests end with the signal. */
  client(signal?: AbortSignal): HttpClient {
    return { request: (request) => this.request(request, signal) };
  }

  async request(request: Request, signal?: AbortSignal): Promise<Answer> {
    const { method = 'GET', headers = {} } = request;
    const url = new URL(request.url);
    const deadline = AbortSignal.timeout(this.options.requestTimeoutMs);
    const response = await this.send(url, {
      method,
      headers: { ...headers, ...this.credentialsFor(url) },
      ...(request.body ? { body: await collect(request.body) } : {}),
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
    });
    if (response.status === 401 || response.status === 403) {
      const said = await this.wordsOf(response);
      throw new GitError(
        'SHIPIT_GIT_DENIED',
        `${this.where} answered ${response.status}: check the token and its rights${said && ` (it says: ${said})`}`,
      );
    }
    if (response.status >= 300) {
      await response.body?.cancel();
      throw new GitError(...explainStatus(response.status, this.where));
    }
    return {
      url: request.url,
      method,
      statusCode: response.status,
      statusMessage: response.statusText,
      headers: Object.fromEntries(response.headers),
      body: this.limited(response),
    };
  }

  /** For messages: the address without anything secret. */
  get where(): string {
    return `${this.base.origin}${this.base.pathname}`;
  }

  private async send(url: URL, init: RequestInit): Promise<Response> {
    try {
      return await fetch(url, init);
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  private async *limited(response: Response): AsyncGenerator<Uint8Array> {
    let received = 0;
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        received += chunk.byteLength;
        if (received > this.options.maxResponseBytes) {
          throw new GitError(
            'SHIPIT_GIT_TOO_LARGE',
            `${this.where} sent more than ${this.options.maxResponseBytes} bytes`,
          );
        }
        yield chunk;
      }
    } catch (error) {
      throw error instanceof GitError ? error : this.unreachable(error);
    }
  }

  /** The first words of a plain text, which say why; a page for browsers says nothing. */
  private async wordsOf(response: Response): Promise<string> {
    const isText = response.headers.get('content-type')?.startsWith('text/plain') === true;
    let text = '';
    try {
      for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
        if (isText) text += Buffer.from(chunk).toString('utf8');
        if (!isText || text.length > MAX_WORDS) break;
      }
    } catch {
      return '';
    }
    const words = text.replaceAll(this.options.token || '\0', '…').replace(/[\s\p{C}]+/gu, ' ');
    return words.trim().slice(0, MAX_WORDS);
  }

  private unreachable(cause: unknown): GitError {
    const reason =
      cause instanceof Error ? ((cause.cause as Error | undefined)?.message ?? cause.message) : String(cause);
    return new GitError('SHIPIT_GIT_UNREACHABLE', `${this.where} cannot be reached: ${reason}`, { cause });
  }

  private credentialsFor(url: URL): Record<string, string> {
    const isOurs = url.origin === this.base.origin && url.pathname.startsWith(this.base.pathname);
    return this.authorization && isOurs ? { authorization: this.authorization } : {};
  }
}

function explainStatus(
  status: number,
  where: string,
): ['SHIPIT_GIT_NOT_FOUND' | 'SHIPIT_GIT_UNREACHABLE' | 'SHIPIT_GIT_REFUSED', string] {
  if (status === 404) return ['SHIPIT_GIT_NOT_FOUND', `${where} does not exist or the token may not see it`];
  if (status < 400)
    return ['SHIPIT_GIT_REFUSED', `${where} redirects elsewhere (${status}); configure the final address`];
  return ['SHIPIT_GIT_UNREACHABLE', `${where} answered ${status}`];
}

async function collect(body: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
