import { ShipitEvent } from '@shipit/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { addToFeed, feedQuery } from '../activity/feed-query.js';
import type { LoggedEvent } from '../session/api.js';
import { fetchApi, ServerProblem } from '../session/fetch-api.js';
import { readEventStream, type StreamedEvent } from './read-event-stream.js';
import { Refresher } from './refresher.js';
import { touchedQueries } from './touched-queries.js';

export type Connection = 'connecting' | 'live' | 'away' | 'refused';

const retryMs = 1_500;
const answerMs = 10_000;
/** The server sends a comment every 15 s. */
const silenceMs = 40_000;
const foldMs = 150;

/** Follows the server's events: they go into the feed, and what they touch is asked for anew. Comes back by itself when the server was away. */
export class LiveEvents {
  private readonly refresher: Refresher;
  private arrived: LoggedEvent[] = [];
  private folding: ReturnType<typeof setTimeout> | undefined;
  private last: string | undefined;

  constructor(
    private readonly queries: QueryClient,
    private readonly tell: (connection: Connection) => void,
  ) {
    this.refresher = new Refresher((queryKey) => queries.invalidateQueries({ queryKey }));
  }

  /** Ends with the signal, or when the server refuses the token. */
  async follow(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.stop(), { once: true });
    while (!signal.aborted) {
      const isRefused = await this.readOnce(signal).catch(isRefusal);
      if (signal.aborted) return;
      if (isRefused) return this.tell('refused');
      this.tell('away');
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }

  /** Reads until the stream ends. The feed comes first: the stream begins where it ends, so that nothing falls in between. */
  private async readOnce(signal: AbortSignal): Promise<false> {
    this.last ??= (await this.queries.fetchQuery({ ...feedQuery(this.queries), retry: false }))[0]?.cursor;
    const silence = new Silence(answerMs);
    try {
      const response = await fetchApi('/events', {
        headers: { accept: 'text/event-stream', ...(this.last !== undefined && { 'last-event-id': this.last }) },
        signal: AbortSignal.any([signal, silence.signal]),
      });
      if (!response.ok || !response.body) throw new ServerProblem(response.status, 'There is no event stream');
      this.tell('live');
      // What changed while nobody listened is not known. What is being asked for at this moment need not be asked twice.
      const shown = { predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => queryKey[0] !== 'events' };
      void this.queries.invalidateQueries(shown, { cancelRefetch: false });
      for await (const streamed of readEventStream(response.body.pipeThrough(silence.broken()))) this.take(streamed);
      return false;
    } finally {
      silence.end();
    }
  }

  private take({ id, data }: StreamedEvent): void {
    this.last = id ?? this.last;
    const event = parseEvent(data);
    if (!event || id === undefined) return;
    this.arrived.push({ cursor: id, event });
    this.folding ??= setTimeout(() => this.fold(), foldMs);
  }

  /** Takes in what came within a moment at once, so that a burst draws the page once. */
  private fold(): void {
    this.folding = undefined;
    const events = this.arrived.splice(0);
    addToFeed(this.queries, events);
    for (const { event } of events) for (const key of touchedQueries(event)) this.refresher.touch(key);
  }

  private stop(): void {
    clearTimeout(this.folding);
    this.refresher.stop();
  }
}

/** Aborts after too long without a byte: a connection can die without a word. */
class Silence {
  private readonly controller = new AbortController();
  private timer: ReturnType<typeof setTimeout>;

  constructor(limitMs: number) {
    this.timer = setTimeout(() => this.controller.abort(), limitMs);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  broken(): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
    return new TransformStream({
      transform: (chunk, controller) => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.controller.abort(), silenceMs);
        controller.enqueue(chunk);
      },
    });
  }

  end(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof ServerProblem && (error.status === 401 || error.status === 403);
}

function parseEvent(data: string): ShipitEvent | undefined {
  try {
    return ShipitEvent.safeParse(JSON.parse(data)).data;
  } catch {
    return undefined;
  }
}
