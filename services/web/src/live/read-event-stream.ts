export interface StreamedEvent {
  /** The last id that the stream gave, also where it stood in an earlier event. */
  id: string | undefined;
  type: string | undefined;
  data: string;
}

const maxWaiting = 4 * 1024 * 1024;

/**
 * Reads a response in the event stream format of the HTML standard (server-sent events).
 * `fetch` and not EventSource, because the latter can send no Authorization header.
 * Ends with the stream; an event that the end cuts off is dropped, as the standard wants it.
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  const event = { id: undefined as string | undefined, type: undefined as string | undefined, data: [] as string[] };
  for await (const line of readLines(body)) {
    if (line === '') {
      if (event.data.length > 0) yield { id: event.id, type: event.type, data: event.data.join('\n') };
      Object.assign(event, { type: undefined, data: [] });
      continue;
    }
    const { name, value } = splitField(line);
    if (name === 'data') event.data.push(value);
    else if (name === 'event') event.type = value;
    else if (name === 'id' && !value.includes('\0')) event.id = value;
  }
}

/** A comment has the empty name. */
function splitField(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  const start = line[colon + 1] === ' ' ? colon + 2 : colon + 1;
  return { name: line.slice(0, colon), value: line.slice(start) };
}

async function* readLines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      // A carriage return at the end may be half of an end of line: it waits for what comes.
      const lines = rest.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > maxWaiting) throw new Error('A line of the event stream does not end');
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
