import { once } from 'node:events';
import { get } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '@shipit/testing';
import { committed, startApi, tokens } from '../../test/api-in-memory.js';

describe('events', () => {
  let api: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    api = await startApi();
    await api.events.publish(committed('1'), committed('2'), committed('3'));
  });
  afterEach(() => api.close());

  it('lists them newest first, page by page', async () => {
    const first = await api.as('viewer').get('/api/v1/events?limit=2').expect(200);
    expect(first.body.items.map(idOf)).toEqual(['committed-3', 'committed-2']);
    const second = await api.as('viewer').get(`/api/v1/events?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items.map(idOf)).toEqual(['committed-1']);
    expect(second.body).not.toHaveProperty('nextCursor');
  });

  it('filters by type and release, and refuses what is neither', async () => {
    const none = await api.as('viewer').get('/api/v1/events?type=release.failed&release=default/word-counts');
    expect(none.body.items).toEqual([]);
    for (const query of ['type=everything', 'release=..', 'limit=0', 'cursor=yesterday']) {
      const response = await api.as('viewer').get(`/api/v1/events?${query}`);
      expect(response.body, query).toMatchObject({ status: 400, code: expect.stringMatching(/^SHIPIT_/) as string });
    }
  });

  it('streams what came after Last-Event-ID, then what comes', async () => {
    const stream = await open({ 'last-event-id': '1-0' });
    await waitUntil(async () => stream.text().includes('committed-3'));
    await api.events.publish(committed('4'));
    await waitUntil(async () => stream.text().includes('committed-4'));
    const ids = [...stream.text().matchAll(/"id":"(committed-\d)"/g)].map(([, id]) => id);
    expect(ids).toEqual(['committed-2', 'committed-3', 'committed-4']);
    expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream; charset=utf-8' });
    stream.close();
  });

  it('cuts off a reader that takes nothing, and goes on for the others', async () => {
    const slow = await open({ 'last-event-id': '0-0' }, { isPaused: true });
    const big = committed('big');
    if (big.type === 'release.committed') big.data.message = 'x'.repeat(20_000);
    for (let n = 0; n < 600; n += 1) await api.events.publish({ ...big, id: `big-${n}` });
    await waitUntil(async () => (slow.resume(), slow.hasEnded()), { limitMs: 10_000 });
    expect(slow.text()).not.toContain('"id":"big-599"');
    await api.as('viewer').get('/api/v1/events?limit=1').expect(200);
  });

  async function open(headers: Record<string, string>, { isPaused = false } = {}) {
    const request = get(`${api.url}/api/v1/events`, {
      headers: { accept: 'text/event-stream', authorization: `Bearer ${tokens.viewer}`, ...headers },
    });
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
    let text = '';
    const read = (): void => void response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    if (!isPaused) read();
    let isReading = !isPaused;
    return {
      headers: response.headers,
      text: () => text,
      hasEnded: () => response.readableEnded || response.destroyed,
      resume: () => {
        if (!isReading) read();
        isReading = true;
      },
      close: () => request.destroy(),
    };
  }
});

function idOf({ event }: { event: { id: string } }): string {
  return event.id;
}
