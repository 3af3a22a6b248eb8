import type { ShipitEvent } from '@shipit/contracts';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { ManualClock, platformForTests } from '@shipit/platform/testing';
import { InMemoryRegistry } from '@shipit/registries/testing';
import { describe, expect, it } from 'vitest';
import { ReceivePushHandler } from '../receive-push/receive-push.handler.js';
import { SweepRegistries } from './sweep-registries.js';

const account = '723255503624';
const registry = `${account}.dkr.ecr.us-east-1.amazonaws.com`;

function setUp(repositories?: string[]) {
  const clock = new ManualClock('2026-06-02T00:00:00Z');
  const images = new InMemoryRegistry();
  const bus = new InMemoryEventBus();
  const platform = platformForTests(clock);
  const registries = [{ account, region: 'us-east-1', ...(repositories && { repositories }) }];
  const settings = { everySeconds: 300, sinceHours: 24 };
  const sweep = new SweepRegistries(images, bus, { ...platform, registries, settings });
  const handler = new ReceivePushHandler(images, bus, clock, registries);
  const push = (
    repository: string,
    tag: string,
    pushedAt = '2026-06-01T23:00:00Z',
    content = `${repository}:${tag}`,
  ): void => {
    const digest = `sha256:${Buffer.from(content).toString('hex').padEnd(64, '0').slice(0, 64)}`;
    images.push({ registry, repository, tag }, { digest, pushedAt: new Date(pushedAt) });
  };
  return { clock, images, bus, platform, sweep, handler, push };
}

const names = (events: ShipitEvent[]): string[] => events.map(({ subject }) => subject.slice(registry.length + 1));

describe('SweepRegistries', () => {
  it('finds a push of which no event came, at start and at every interval', async () => {
    const { bus, clock, platform, sweep, push } = setUp();
    push('word-counts', 'v1');
    sweep.onApplicationBootstrap();
    await clock.advance(0);
    expect(names(bus.published)).toEqual(['word-counts:v1']);

    push('word-counts', 'v2', '2026-06-02T00:01:00Z');
    await clock.advance(300_000);
    platform.shutdown.begin('the test ends');
    expect(names(bus.published)).toEqual(['word-counts:v1', 'word-counts:v2']);
    expect(bus.published).toMatchObject([{ data: { origin: 'sweep' } }, { data: { origin: 'sweep' } }]);
  });

  it('tells nothing twice of which the event came', async () => {
    const { bus, handler, platform, sweep, push } = setUp();
    push('word-counts', 'v1', '2026-06-01T23:00:00.400Z');
    const body = { eventTime: '2026-06-01T23:00:01Z', repositoryName: 'word-counts', tag: 'v1', registryId: account };
    await handler.handle(body, { log: platform.log, signal: platform.shutdown.signal, attempt: 1 });
    await sweep.sweep();
    await sweep.sweep();

    expect(bus.published).toMatchObject([{ data: { origin: 'event' } }]);
  });

  it('shows what is older than a day without an order', async () => {
    const { bus, sweep, push } = setUp();
    push('word-counts', 'old', '2026-05-01T00:00:00Z');
    await sweep.sweep();

    expect(bus.published).toMatchObject([{ data: { isOrderKnown: false, pushedAt: '2026-05-01T00:00:00.000Z' } }]);
  });

  it('reports without an order a tag that moved back while no event came', async () => {
    const { bus, sweep, push } = setUp();
    push('word-counts', 'v1', '2026-06-01T20:00:00Z', 'one');
    push('word-counts', 'prod', '2026-06-01T21:00:00Z', 'two');
    await sweep.sweep();
    push('word-counts', 'prod', '2026-06-01T22:00:00Z', 'one');
    await sweep.sweep();

    expect(bus.published.at(-1)).toMatchObject({
      subject: `${registry}/word-counts:prod`,
      data: { isOrderKnown: false },
    });
  });

  it('looks only at the repositories that are watched', async () => {
    const { bus, sweep, push } = setUp(['team/*', 'word-counts']);
    for (const repository of ['team/a', 'word-counts', 'word-counts-2', 'other']) push(repository, 'v1');
    await sweep.sweep();

    expect(names(bus.published).sort()).toEqual(['team/a:v1', 'word-counts:v1']);
  });

  it('goes on with the others when one cannot be read, and finds it the next time', async () => {
    const { bus, images, sweep, push, platform } = setUp(['word-counts', 'api']);
    push('word-counts', 'v1');
    images.setDown(true);
    await sweep.sweep();
    expect(platform.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);

    images.setDown(false);
    await sweep.sweep();
    expect(names(bus.published)).toEqual(['word-counts:v1']);
  });
});
