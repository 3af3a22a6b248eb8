import { type Explanation, type ReleaseDetail, type ReleaseState, type ShipitEvent } from '@shipit/contracts';
import type { PlaygroundProcess } from './playground-process.js';

type EventOf<T extends ShipitEvent['type']> = Extract<ShipitEvent, { type: T }>;

/** What people and the page ask. */
export class ApiClient {
  constructor(private readonly playground: PlaygroundProcess) {}

  release(name: string): Promise<ReleaseDetail> {
    return this.get(`releases/default/${name}`);
  }

  explain(name: string): Promise<Explanation> {
    return this.get(`releases/default/${name}/explain`);
  }

  /** Newest first. */
  async events<T extends ShipitEvent['type']>(type: T, release?: string): Promise<EventOf<T>[]> {
    const query = new URLSearchParams({ type, limit: '1000', ...(release && { release: `default/${release}` }) });
    const { items } = await this.get<{ items: { event: EventOf<T> }[] }>(`events?${query}`);
    return items.map(({ event }) => event);
  }

  /** Every state that a release was told to be in, oldest first. */
  async states(release: string): Promise<ShipitEvent['type'][]> {
    const query = new URLSearchParams({ release: `default/${release}`, limit: '1000' });
    const { items } = await this.get<{ items: { event: ShipitEvent }[] }>(`events?${query}`);
    return items.map(({ event }) => event.type).reverse();
  }

  /** Whether the release is in the state and runs exactly this tag. */
  async isRunning(name: string, tag: string, state: ReleaseState = 'Deployed'): Promise<boolean> {
    const release = await this.release(name);
    return (
      release.state === state && release.images.length > 0 && release.images.every((image) => image.endsWith(`:${tag}`))
    );
  }

  async post(path: string, body: object): Promise<number> {
    const response = await this.fetch(path, { method: 'POST', body: JSON.stringify(body) });
    return response.status;
  }

  private async get<T>(path: string): Promise<T> {
    const response = await this.fetch(path);
    if (!response.ok) throw new Error(`${path} answers ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  private fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const { api, token } = this.playground.ready();
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
    };
    return fetch(`${api}/api/v1/${path}`, { ...init, headers, signal: AbortSignal.timeout(10_000) });
  }
}
