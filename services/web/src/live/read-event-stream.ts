export interface StreamedEvent {
  id: string | undefined;
  type: string | undefined;
  data: string;
}

/**
 * Reads a response in the event stream format of the HTML standard (server-sent events).
 * `fetch` and not EventSource, because the latter can send no Authorization header.
 */
export async function* readEventStream(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamedEvent> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event) yield event;
    }
  }
}

function parseBlock(block: string): StreamedEvent | undefined {
  const fields = { id: undefined as string | undefined, event: undefined as string | undefined };
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    const [, name, value = ''] = /^([a-z]+): ?(.*)$/.exec(line) ?? [];
    if (name === 'data') data.push(value);
    if (name === 'id' || name === 'event') fields[name] = value;
  }
  return data.length === 0 ? undefined : { id: fields.id, type: fields.event, data: data.join('\n') };
}
