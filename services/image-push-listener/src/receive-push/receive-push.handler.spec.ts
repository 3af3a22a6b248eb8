import { TerminalError } from '@shipit/messaging';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { ManualClock, RecordedLog } from '@shipit/platform/testing';
import { InMemoryRegistry } from '@shipit/registries/testing';
import { describe, expect, it } from 'vitest';
import { ReceivePushHandler } from './receive-push.handler.js';

const account = '723255503624';
const registry = `${account}.dkr.ecr.us-east-1.amazonaws.com`;
const digest = `sha256:${'a'.repeat(64)}`;
const push = { eventTime: '2026-01-01T00:00:00Z', repositoryName: 'word-counts', tag: 'v1', registryId: account };

function setUp() {
  const images = new InMemoryRegistry();
  images.push(
    { registry, repository: 'word-counts', tag: 'v1' },
    { digest, pushedAt: new Date('2026-01-01T00:00:00.500Z') },
  );
  const bus = new InMemoryEventBus();
  const handler = new ReceivePushHandler(images, bus, new ManualClock(), [{ account, region: 'us-east-1' }]);
  const receive = (body: unknown): Promise<void> =>
    handler.handle(body, { log: new RecordedLog(), signal: new AbortController().signal, attempt: 1 });
  return { images, bus, receive };
}

describe('ReceivePushHandler', () => {
  it('announces a push with the digest and the time of the registry', async () => {
    const { bus, receive } = setUp();
    await receive(push);

    expect(bus.published).toMatchObject([
      {
        type: 'image.pushed',
        subject: `${registry}/word-counts:v1`,
        pushid: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        traceparent: expect.any(String) as string,
        data: {
          image: { registry, repository: 'word-counts', tag: 'v1', digest },
          pushedAt: '2026-01-01T00:00:00.500Z',
          origin: 'event',
          isOrderKnown: true,
        },
      },
    ]);
    expect(bus.queued('repo-committer')).toHaveLength(1);
  });

  it('announces it once, however often and in whatever form the message arrives', async () => {
    const { bus, receive } = setUp();
    await receive(push);
    await receive(push);
    await receive({ ...push, eventTime: '2026-01-01T00:00:01Z' });

    expect(bus.published).toHaveLength(1);
  });

  it('announces a tag that comes back to an image as a push of its own', async () => {
    const { bus, receive } = setUp();
    await receive(push);
    await receive({ ...push, eventTime: '2026-01-01T00:04:00Z' });

    expect(bus.published).toMatchObject([
      { data: { pushedAt: '2026-01-01T00:00:00.500Z' } },
      { data: { pushedAt: '2026-01-01T00:04:00.000Z' } },
    ]);
  });

  it('leaves the message where it is while Redis or the registry is away', async () => {
    const { bus, images, receive } = setUp();
    bus.failWith(new Error('Redis is away'));
    await expect(receive(push)).rejects.not.toBeInstanceOf(TerminalError);
    bus.failWith();
    images.setDown(true);
    await expect(receive(push)).rejects.not.toBeInstanceOf(TerminalError);
    images.setDown(false);
    await receive(push);

    expect(bus.published).toHaveLength(1);
  });

  it('makes a body that is not understood a dead letter', async () => {
    const { bus, receive } = setUp();

    await expect(receive({ ...push, eventTime: 'soon' })).rejects.toThrow(
      new TerminalError('The push is not understood at eventTime'),
    );
    expect(bus.published).toEqual([]);
  });

  it('tells the feed once why a message leads nowhere', async () => {
    const { bus, receive } = setUp();
    const unknown = { ...push, tag: 'v2' };
    await receive(unknown);
    await receive(unknown);
    await receive({ hello: 'world' });

    expect(bus.published).toMatchObject([
      { type: 'image.ignored', data: { reason: 'not in the registry', image: `${registry}/word-counts:v2` } },
      { type: 'image.ignored', subject: 'unknown', data: { reason: 'not an image push' } },
    ]);
    expect(bus.queued('repo-committer')).toEqual([]);
  });
});
