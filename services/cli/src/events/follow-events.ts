import { ShipitEvent } from '@shipit/contracts';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { CliError } from '../output/cli-error.js';
import type { ApiClient } from '../server/api-client.js';

const retryMs = 1_000;

/** Events as they come. A server that goes away is waited for, and nothing that happened meanwhile is left out. */
export async function* followEvents(
  client: ApiClient,
  query: string,
  signal: AbortSignal,
): AsyncGenerator<ShipitEvent> {
  let last: string | undefined;
  let hasConnected = false;
  while (!signal.aborted) {
    try {
      const body = await client.stream(`/events${query}`, last, signal);
      hasConnected = true;
      for await (const { id, event } of readStream(body)) {
        last = id;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) return;
      // The first connection tells of a wrong address or token at once; later ones are tried again.
      if (!hasConnected || (error instanceof CliError && /SHIPIT_(UNAUTHENTICATED|FORBIDDEN)/.test(error.message)))
        throw error;
    }
    await wait(retryMs, undefined, { signal }).catch(() => undefined);
  }
}

async function* readStream(body: ReadableStream<Uint8Array>): AsyncGenerator<{ id: string; event: ShipitEvent }> {
  let id = '';
  for await (const line of createInterface({
    input: Readable.fromWeb(body as Parameters<typeof Readable.fromWeb>[0]),
  })) {
    if (line.startsWith('id: ')) id = line.slice(4);
    if (!line.startsWith('data: ')) continue;
    const event = ShipitEvent.safeParse(JSON.parse(line.slice(6)));
    if (event.success) yield { id, event: event.data };
  }
}
