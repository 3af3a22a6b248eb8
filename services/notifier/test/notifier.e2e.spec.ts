import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BullDeadLetters, BullEventBus, RedisConnections, RedisEventLog } from '@shipit/messaging';
import { anEvent } from '@shipit/messaging/testing';
import { RecordedLog } from '@shipit/platform/testing';
import { type RunningRedis, type SourceProcess, startRedis, startSource, waitUntil } from '@shipit/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startReceiver } from './receiver.js';

const main = new URL('../src/main.ts', import.meta.url);
const secret = 'whsec_C2FtcGxlLXNlY3JldC1mb3ItdGVzdHM=';

describe('the notifier', { timeout: 40_000 }, () => {
  let redis: RunningRedis;
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let connections: RedisConnections;
  let bus: BullEventBus;
  let folder: string;
  let notifier: SourceProcess | undefined;

  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.empty();
    receiver = await startReceiver(secret);
    const log = new RecordedLog();
    connections = new RedisConnections(redis.url, log);
    await connections.check();
    bus = new BullEventBus(connections, new RedisEventLog(connections), log);
    folder = mkdtempSync(join(tmpdir(), 'shipit-notifier-'));
  });
  afterEach(async () => {
    await notifier?.stop('SIGKILL');
    connections.close();
    await receiver.close();
    rmSync(folder, { recursive: true });
  });

  /** Starts the service with targets, each `{name}` at the receiver's path of that name unless it says otherwise. */
  async function start(
    targets: { name: string; [field: string]: unknown }[],
    secretValue = secret,
  ): Promise<SourceProcess> {
    const config = {
      git: { url: 'https://git.example.com/shop.git' },
      registries: [{ account: '723255503624', region: 'us-east-1' }],
      intake: {
        queueUrl: 'http://sqs.example.com/q',
        deadLetterQueueUrl: 'http://sqs.example.com/d',
        region: 'us-east-1',
      },
      clusters: [{ name: 'main' }],
      notifier: {
        targets: targets.map((target) => ({
          url: `${receiver.url}/${target.name}`,
          secretEnv: 'HOOK_SECRET',
          allowPrivate: true,
          ...target,
        })),
      },
    };
    writeFileSync(join(folder, 'shipit.yaml'), JSON.stringify(config));
    const environment = { SHIPIT_CONFIG: join(folder, 'shipit.yaml'), REDIS_URL: redis.url, HOOK_SECRET: secretValue };
    notifier = startSource(main, environment);
    return notifier;
  }

  it('delivers every event once, as a signed CloudEvent', async () => {
    await (await start([{ name: 'audit' }])).ready();
    await bus.publish(anEvent('one'));
    await bus.publish(anEvent('one'), anEvent('two'));
    await waitUntil(() => receiver.received.length === 2, { limitMs: 10_000 });
    expect(receiver.at('/audit').sort()).toEqual(['one', 'two']);
    const [first] = receiver.received;
    expect(first?.contentType).toBe('application/cloudevents+json; charset=utf-8');
    expect(first?.event).toMatchObject({ ...anEvent(first?.id ?? ''), specversion: '1.0' });
    expect(receiver.forged).toEqual([]);
  });

  it('sends a target only the types and releases it asked for', async () => {
    await (
      await start([
        { name: 'failures', types: ['release.failed'] },
        { name: 'shop', releases: ['shop/*'] },
        { name: 'all' },
      ])
    ).ready();
    await bus.publish(anEvent('one'));
    await waitUntil(() => receiver.at('/all').length === 1, { limitMs: 10_000 });
    expect(receiver.received).toHaveLength(1);
  });

  it('lets no slow, dead or refusing target delay another, and tries them again', async () => {
    receiver.answer('/slow', () => undefined);
    let refusals = 0;
    const accepted = new Set<string>();
    receiver.answer('/refusing', (response, { id }) => {
      if ((refusals += 1) < 3) return void response.writeHead(503).end();
      accepted.add(id);
      response.writeHead(200).end();
    });
    const dead = { name: 'dead', url: 'http://127.0.0.1:9/' };
    await (await start([{ name: 'slow' }, dead, { name: 'refusing' }, { name: 'good' }])).ready();
    const ids = Array.from({ length: 20 }, (_, n) => `event-${n}`);
    await bus.publish(...ids.map((id) => anEvent(id)));
    await waitUntil(() => receiver.at('/good').length === 20, { limitMs: 8_000 });
    await waitUntil(() => accepted.size === 20, { limitMs: 20_000 });
    expect(receiver.at('/refusing')).toHaveLength(22);
  });

  it('disables a target that is gone, until it is given another address', async () => {
    receiver.answer('/gone', (response) => void response.writeHead(410).end());
    const service = await start([{ name: 'gone' }, { name: 'good' }]);
    await service.ready();
    await bus.publish(anEvent('one'));
    await waitUntil(() => service.output().includes('target disabled'), { limitMs: 10_000 });
    await bus.publish(anEvent('two'));
    await waitUntil(() => service.output().includes('delivery dropped'), { limitMs: 10_000 });
    await waitUntil(() => receiver.at('/good').length === 2);
    expect(receiver.at('/gone')).toEqual(['one']);
    await service.stop();

    await (await start([{ name: 'gone', url: `${receiver.url}/moved` }])).ready();
    await bus.publish(anEvent('three'));
    await waitUntil(() => receiver.at('/moved').length === 1, { limitMs: 10_000 });
  });

  it('follows no redirect', async () => {
    receiver.answer(
      '/moved',
      (response) => void response.writeHead(307, { location: `${receiver.url}/elsewhere` }).end(),
    );
    const service = await start([{ name: 'moved' }]);
    await service.ready();
    await bus.publish(anEvent('one'));
    await waitUntil(() => service.output().includes('answered 307'), { limitMs: 10_000 });
    expect(receiver.at('/elsewhere')).toEqual([]);
  });

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '169.254.169.254'])(
    'does not connect to %s unless it is allowed to',
    async (host) => {
      const port = new URL(receiver.url).port;
      await (
        await start([{ name: 'inside', url: `http://${host}:${port}/inside`, allowPrivate: false }, { name: 'good' }])
      ).ready();
      await bus.publish(anEvent('one'));
      await waitUntil(() => receiver.at('/good').length === 1, { limitMs: 10_000 });
      const letters = new BullDeadLetters(connections, ['notifier-target-inside']);
      const [letter] = await waitUntil(async () => {
        const all = await letters.list(5);
        return all.length > 0 && all;
      });
      expect(letter?.reason).toContain('is at a private address');
      expect(receiver.at('/inside')).toEqual([]);
    },
  );

  it('finishes or gives back what is in hand when it stops, so that the next one delivers it', async () => {
    receiver.answer('/slow', () => undefined);
    const service = await start([{ name: 'slow' }]);
    await service.ready();
    await bus.publish(anEvent('one'));
    await waitUntil(() => receiver.at('/slow').length === 1, { limitMs: 10_000 });
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    receiver.answer('/slow', (response) => void response.writeHead(200).end());
    await (await start([{ name: 'slow' }])).ready();
    await waitUntil(() => receiver.at('/slow').length === 2, { limitMs: 10_000 });
  });

  it('does not start with a secret that is none, and does not print it', async () => {
    const service = await start([{ name: 'good' }], 'not base64 at all!');
    expect((await service.ended()).code).toBe(1);
    expect(service.output()).toContain('HOOK_SECRET: must be a secret');
    expect(service.output()).not.toContain('not base64 at all!');
  });
});
