import { request, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';

import type { JsonObject } from '../json.js';

/** What a suite gets to know of the cluster that it runs against. */
export interface ClusterUnderTest {
  kubeconfig: string;
  close(): Promise<void>;
}

export interface Answer {
  status: number;
  /** Read freely by assertions. */
  body: ReturnType<typeof JSON.parse>;
  text: string;
  headers: Record<string, string | string[] | undefined>;
}

export interface SendOptions {
  body?: unknown;
  contentType?: string;
  accept?: string;
  token?: string;
}

export interface OpenWatch {
  lines: ReturnType<typeof JSON.parse>[];
  status: Promise<number>;
  ended: Promise<void>;
  stop(): void;
}

/** Plain HTTP to an API server, as its kubeconfig says; nothing between the test and the bytes. */
export class ApiClient {
  private readonly base: URL;
  private readonly options: RequestOptions;

  private constructor(base: URL, options: RequestOptions) {
    this.base = base;
    this.options = options;
  }

  static async connect(kubeconfig: string): Promise<ApiClient> {
    const config = new KubeConfig();
    config.loadFromString(kubeconfig);
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return new ApiClient(new URL(config.getCurrentCluster()?.server ?? ''), options);
  }

  get(path: string, options: SendOptions = {}): Promise<Answer> {
    return this.send('GET', path, options);
  }

  create(path: string, body: unknown): Promise<Answer> {
    return this.send('POST', path, { body });
  }

  put(path: string, body: unknown): Promise<Answer> {
    return this.send('PUT', path, { body });
  }

  delete(path: string, body?: unknown): Promise<Answer> {
    return this.send('DELETE', path, body === undefined ? {} : { body });
  }

  mergePatch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, { body, contentType: 'application/merge-patch+json' });
  }

  jsonPatch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, { body, contentType: 'application/json-patch+json' });
  }

  strategicPatch(path: string, body: unknown): Promise<Answer> {
    return this.send('PATCH', path, { body, contentType: 'application/strategic-merge-patch+json' });
  }

  apply(path: string, body: unknown, query = 'fieldManager=tester'): Promise<Answer> {
    return this.send('PATCH', `${path}?${query}`, { body, contentType: 'application/apply-patch+yaml' });
  }

  send(method: string, path: string, { body, contentType, accept, token }: SendOptions = {}): Promise<Answer> {
    const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
    const headers = {
      accept: accept ?? 'application/json',
      'user-agent': 'contract/1.0',
      ...(text !== undefined && {
        'content-type': contentType ?? 'application/json',
        'content-length': Buffer.byteLength(text),
      }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = request(new URL(path, this.base), this.withHeaders(headers, method, token), (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const content = Buffer.concat(chunks).toString('utf8');
          const isJson = (incoming.headers['content-type'] ?? '').includes('json');
          resolve({
            status: incoming.statusCode ?? 0,
            text: content,
            body: isJson ? JSON.parse(content) : undefined,
            headers: incoming.headers,
          });
        });
      });
      outgoing.on('error', reject);
      outgoing.setTimeout(15_000, () => outgoing.destroy(new Error(`${method} ${path} had no answer within 15 s`)));
      outgoing.end(text);
    });
  }

  watch(path: string, accept = 'application/json'): OpenWatch {
    const lines: JsonObject[] = [];
    const outgoing = request(new URL(path, this.base), this.withHeaders({ accept }, 'GET'));
    const status = new Promise<number>((resolve) =>
      outgoing.on('response', (incoming) => resolve(incoming.statusCode ?? 0)),
    );
    const ended = new Promise<void>((resolve) => {
      outgoing.on('close', resolve);
      outgoing.on('error', () => resolve());
      outgoing.on('response', (incoming) => {
        let rest = '';
        incoming.on('error', () => resolve());
        incoming.setEncoding('utf8').on('data', (chunk: string) => {
          const parts = (rest + chunk).split('\n');
          rest = parts.pop() ?? '';
          lines.push(...parts.filter((part) => part !== '').map((part) => JSON.parse(part) as JsonObject));
        });
      });
    });
    outgoing.end();
    return { lines, status, ended, stop: () => outgoing.destroy() };
  }

  private withHeaders(headers: Record<string, string | number>, method: string, token?: string): RequestOptions {
    const own = { ...this.options, method, agent: false as const };
    if (token !== undefined)
      return { ca: this.options.ca, method, agent: false, headers: { ...headers, authorization: `Bearer ${token}` } };
    return { ...own, headers: { ...(this.options.headers as Record<string, string>), ...headers } };
  }
}
