import { describe, expect, it } from 'vitest';
import { readEventStream, type StreamedEvent } from './read-event-stream.js';

async function read(chunks: readonly (string | Uint8Array<ArrayBuffer>)[]): Promise<StreamedEvent[]> {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
  const events: StreamedEvent[] = [];
  for await (const event of readEventStream(body)) events.push(event);
  return events;
}

const two = 'id: 1-0\nevent: image.pushed\ndata: {"a":1}\n\nid: 2-0\nevent: release.deployed\ndata: {"b":"ü"}\n\n';
const events = [
  { id: '1-0', type: 'image.pushed', data: '{"a":1}' },
  { id: '2-0', type: 'release.deployed', data: '{"b":"ü"}' },
];

describe('Reading an event stream', () => {
  it.each(['\n', '\r\n', '\r'])('understands the end of line %j', async (end) => {
    expect(await read([`${two.replaceAll('\n', end)}: end\n`])).toEqual(events);
  });

  it.each(['\n', '\r\n'])('is the same wherever the network cuts it, with %j', async (end) => {
    const bytes = new TextEncoder().encode(two.replaceAll('\n', end));
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(await read([bytes.slice(0, cut), bytes.slice(cut)])).toEqual(events);
    expect(await read([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(events);
  });

  it('passes over comments, heartbeats, unknown fields and events without data', async () => {
    const text = `retry: 1500\n\n: still here\n\n${two}event: nothing\n\nwhatever\ndata-like: x\n\n:\n\n`;
    expect(await read([text])).toEqual(events);
  });

  it('joins lines of data, takes off one space only, and keeps the last id', async () => {
    expect(await read(['id: 7-1\ndata: a\ndata:  b\ndata\ndata:c\n\ndata: next\n\n'])).toEqual([
      { id: '7-1', type: undefined, data: 'a\n b\n\nc' },
      { id: '7-1', type: undefined, data: 'next' },
    ]);
  });

  it('drops an event that the end of the stream cuts off', async () => {
    expect(await read([two, 'id: 3-0\ndata: {"half":'])).toEqual(events);
  });

  it('gives up on a line that never ends', async () => {
    const megabyte = 'x'.repeat(1024 * 1024);
    await expect(read(['data: ', ...Array.from({ length: 5 }, () => megabyte)])).rejects.toThrow('does not end');
  });
});
