import { ShipitEvent } from '@shipit/contracts';
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
  for await (const line of linesOf(body)) {
    if (line.startsWith('id: ')) id = line.slice(4);
    if (!line.startsWith('data: ')) continue;
    const event = ShipitEvent.safeParse(parse(line.slice(6)));
    // An event of a newer server is passed over, not a reason to stop.
    if (event.success) yield { id, event: event.data };
  }
}

/** Not node:readline, which never ends when the connection breaks. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
