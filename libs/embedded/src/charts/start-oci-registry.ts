import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificates } from '../kubernetes/certificates.js';
import { OciContent, type OciManifest, ociDigest } from './oci-content.js';

export interface OciRegistryOptions {
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  /** Https with an authority of its own; else http, which clients take for 127.0.0.1 only. */
  readonly isTls?: boolean | undefined;
  /** Who may pull and push; `token`: clients get a bearer token first, as most registries want it. */
  readonly credentials?:
    { readonly username: string; readonly password: string; readonly handshake: 'basic' | 'token' } | undefined;
  /** Blobs are fetched from another address, as from the storage behind a cloud's registry. */
  readonly redirectsBlobsTo?: string | undefined;
  /** Tags that are listed at once where nobody asks for fewer. Default: all. */
  readonly tagsOfPage?: number | undefined;
  /** Told of each request. True: it was answered there, and the registry does not. */
  readonly onRequest?: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined;
}

export interface EmbeddedOciRegistry {
  /** `127.0.0.1:<port>`, as it stands after `oci://`. */
  readonly host: string;
  readonly url: string;
  /** The authority to trust, in PEM; undefined without TLS. */
  readonly ca: string | undefined;
  /** Puts a chart there as `helm push` does; returns the manifest's digest. */
  pushChart(repository: string, tag: string, archive: Uint8Array): string;
  pushManifest(repository: string, tag: string, manifest: { type: string; body: Uint8Array }): string;
  pushBlob(bytes: Uint8Array): string;
  close(): Promise<void>;
}

/** A registry by the OCI distribution API, in memory: enough for `helm push` and `helm pull`. */
export async function startOciRegistry(options: OciRegistryOptions = {}): Promise<EmbeddedOciRegistry> {
  const content = new OciContent();
  const registry = new OciRegistry(content, options);
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    registry.serve(request, response).catch(() => response.destroy());
  };
  const tls = options.isTls ? await createCertificates() : undefined;
  const server: Server = tls
    ? createTlsServer({ key: tls.key, cert: tls.cert }, listener)
    : createPlainServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  registry.origin = `${tls ? 'https' : 'http'}://${host}`;
  return {
    host,
    url: registry.origin,
    ca: tls?.ca,
    pushChart: (repository, tag, archive) => content.putChart(repository, tag, archive),
    pushManifest: (repository, tag, { type, body }) =>
      content.putManifest(repository, tag, { type, body: Buffer.from(body) }),
    pushBlob: (bytes) => content.putBlob(bytes),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const MAX_BODY_BYTES = 64 * 1024 * 1024;
const ROUTE = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/;
const TAGS = /^\/v2\/(.+)\/tags\/list$/;
const UPLOAD = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/;

class OciRegistry {
  origin = '';
  readonly #token = randomUUID();
  readonly #uploads = new Map<string, Buffer>();

  constructor(
    private readonly content: OciContent,
    private readonly options: OciRegistryOptions,
  ) {}

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.options.onRequest?.(request, response)) return;
    const url = new URL(request.url ?? '/', this.origin);
    if (url.pathname === '/token') this.#giveToken(request, response);
    else if (!this.#isAllowed(request)) this.#challenge(response);
    else if (UPLOAD.test(url.pathname)) await this.#upload(request, response, url);
    else if (TAGS.test(url.pathname)) this.#listTags(response, url);
    else if (ROUTE.test(url.pathname)) await this.#content(request, response, url);
    else response.writeHead(url.pathname === '/v2/' ? 200 : 404).end();
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    const { credentials } = this.options;
    if (!credentials) return true;
    const isToken = credentials.handshake === 'token';
    return isSame(headers.authorization, isToken ? `Bearer ${this.#token}` : basic(credentials));
  }

  #challenge(response: ServerResponse): void {
    const isToken = this.options.credentials?.handshake === 'token';
    const token = `Bearer realm="${this.origin}/token",service="embedded",scope="repository:any:pull"`;
    response.writeHead(401, { 'www-authenticate': isToken ? token : 'Basic realm="embedded"' }).end();
  }

  #giveToken({ headers }: IncomingMessage, response: ServerResponse): void {
    const { credentials } = this.options;
    if (!credentials || !isSame(headers.authorization, basic(credentials))) response.writeHead(401).end();
    else response.end(JSON.stringify({ token: this.#token, expires_in: 300 }));
  }

  async #upload(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, repository = '', id = ''] = UPLOAD.exec(url.pathname) ?? [];
    const isNew = request.method === 'POST';
    const upload = isNew ? randomUUID() : id;
    const bytes = Buffer.concat([this.#uploads.get(upload) ?? Buffer.alloc(0), await readBody(request)]);
    const wanted = url.searchParams.get('digest');
    if (wanted === null) {
      this.#uploads.set(upload, bytes);
      const location = `/v2/${repository}/blobs/uploads/${upload}`;
      response.writeHead(202, { location, range: `0-${Math.max(0, bytes.length - 1)}` }).end();
      return;
    }
    this.#uploads.delete(upload);
    if (wanted !== ociDigest(bytes)) response.writeHead(400).end();
    else response.writeHead(201, { location: `/v2/${repository}/blobs/${this.content.putBlob(bytes)}` }).end();
  }

  #listTags(response: ServerResponse, { pathname, searchParams }: URL): void {
    const [, name = ''] = TAGS.exec(pathname) ?? [];
    const all = this.content.tags(name);
    if (!all) return void response.writeHead(404).end();
    const after = all.filter((tag) => tag > (searchParams.get('last') ?? ''));
    const tags = after.slice(0, Number(searchParams.get('n') ?? this.options.tagsOfPage ?? after.length));
    const isMore = tags.length < after.length;
    if (isMore) response.setHeader('link', `<${pathname}?last=${tags.at(-1)}&n=${tags.length}>; rel="next"`);
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ name, tags }));
  }

  async #content(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const [, repository = '', kind, reference = ''] = ROUTE.exec(url.pathname) ?? [];
    if (kind === 'manifests' && request.method === 'PUT') {
      await this.#takeManifest(request, response, { repository, reference });
      return;
    }
    const { redirectsBlobsTo } = this.options;
    const found = kind === 'blobs' ? this.#blob(reference) : this.content.manifest(repository, reference);
    if (!found) response.writeHead(404).end();
    else if (kind === 'blobs' && redirectsBlobsTo !== undefined) {
      response.writeHead(307, { location: `${redirectsBlobsTo}/${reference}` }).end();
    } else sendContent(request, response, found);
  }

  async #takeManifest(
    request: IncomingMessage,
    response: ServerResponse,
    { repository, reference }: { repository: string; reference: string },
  ): Promise<void> {
    const type = request.headers['content-type'] ?? '';
    const digest = this.content.putManifest(repository, reference, { type, body: await readBody(request) });
    const location = `/v2/${repository}/manifests/${digest}`;
    response.writeHead(201, { location, 'docker-content-digest': digest }).end();
  }

  #blob(digest: string): OciManifest | undefined {
    const body = this.content.blob(digest);
    return body && { type: 'application/octet-stream', body };
  }
}

function sendContent(request: IncomingMessage, response: ServerResponse, { type, body }: OciManifest): void {
  const digest = ociDigest(body);
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, 'docker-content-digest': digest });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Error('The body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function basic({ username, password }: { username: string; password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function isSame(given: string | undefined, wanted: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given ?? ''), hash(wanted));
}
