import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { hasRedis, startSource, waitUntil } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setUp } from './listener-for-tests.js';

describe.skipIf(!hasRedis())('image-push-listener, with redis-server on the PATH', () => {
  let world: Awaited<ReturnType<typeof setUp>>;
  beforeEach(async () => {
    world = await setUp();
  });
  afterEach(() => world.close());

  it('announces a push, confirmed by the registry, and deletes its message', async () => {
    await world.start();
    const pushed = world.ecr.pushSample({ repository: 'team/word-counts', tag: 'v1' });
    const events = await world.waitForEvents('image.pushed', 'team/word-counts:v1');
    await world.waitUntilTaken();

    const { registry, repository, tag, digest } = pushed;
    expect(events).toMatchObject([
      {
        data: {
          image: { registry, repository, tag, digest },
          pushedAt: pushed.pushedAt.toISOString(),
          isOrderKnown: true,
        },
      },
    ]);
  });

  it('announces 50 pushes at once, each once, although the sweep finds them too', async () => {
    await world.start();
    for (let index = 0; index < 50; index += 1) world.ecr.pushSample({ repository: 'word-counts', tag: `v${index}` });
    await world.waitUntilTaken();
    const events = await world.events();

    expect(new Set(events.map(({ subject }) => subject)).size).toBe(50);
    expect(events).toHaveLength(50);
  });

  it('puts what it does not understand on the dead-letter queue with the reason, and goes on', async () => {
    await world.start();
    const broken = {
      '{ not json': 'The body is not JSON',
      [JSON.stringify({ text: 'x'.repeat(500_000) })]: 'The body is larger than 64 KiB',
      ['['.repeat(5_000) + ']'.repeat(5_000)]: 'The body is nested too deeply or holds a key such as __proto__',
      '{"__proto__":{"source":"aws.ecr"}}': 'The body is nested too deeply or holds a key such as __proto__',
      '{"source":"aws.ecr","detail-type":"ECR Image Action"}':
        'The ECR event is not understood at account, region, time, detail',
    };
    for (const body of Object.keys(broken)) world.sqs.sendMessage('pushes', body);
    const reasons = await waitForReasons(Object.keys(broken).length);
    world.ecr.pushSample({ repository: 'word-counts', tag: 'good' });

    expect(reasons.sort()).toEqual(Object.values(broken).sort());
    expect(await world.waitForEvents('image.pushed', 'word-counts:good')).toHaveLength(1);
    await world.waitUntilTaken();
  });

  it('tells the feed why a message leads nowhere', async () => {
    await world.start();
    world.ecr.createRepository('word-counts');
    const flat = { eventTime: new Date().toISOString(), repositoryName: 'word-counts', registryId: world.account };
    world.sqs.sendMessage('pushes', JSON.stringify({ ...flat, tag: 'absent' }));
    world.sqs.sendMessage('pushes', JSON.stringify(flat));
    world.sqs.sendMessage('pushes', JSON.stringify({ hello: 'world' }));
    await world.waitUntilTaken();
    const events = await world.events();

    expect(events.map(({ data }) => ('reason' in data ? data.reason : '')).sort()).toEqual([
      'no tag',
      'not an image push',
      'not in the registry',
    ]);
  });

  it('finds by its sweep a push of which no event came', async () => {
    await world.start();
    world.setDelivering(false);
    world.ecr.pushSample({ repository: 'word-counts', tag: 'lost' });

    expect(await world.waitForEvents('image.pushed', 'word-counts:lost')).toMatchObject([
      { data: { origin: 'sweep' } },
    ]);
  });

  it('leaves messages in SQS while Redis is away', async () => {
    const listener = await world.start();
    await world.redis.kill();
    world.ecr.pushSample({ repository: 'word-counts', tag: 'v1' });
    await waitUntil(() => listener.output().includes('message left in SQS'), { limitMs: 60_000 });
    expect(world.sqs.count('pushes')).toBe(1);
    await world.redis.restart();

    expect(await world.waitForEvents('image.pushed', 'word-counts:v1')).toHaveLength(1);
    await world.waitUntilTaken();
  });

  it('announces a push once although it is killed before it could delete the message', async () => {
    const crashing = await world.start({ SHIPIT_CRASH_AT: 'image-push-listener.after-publish' });
    world.ecr.pushSample({ repository: 'word-counts', tag: 'v1' });
    expect((await crashing.ended()).signal).toBe('SIGKILL');
    expect(world.sqs.count('pushes')).toBe(1);
    await world.start();
    await world.waitUntilTaken();

    expect(await world.events()).toMatchObject([{ type: 'image.pushed' }]);
  });

  it('ends with code 0 when it is told to stop', async () => {
    const listener = await world.start();

    expect(await listener.stop()).toEqual({ code: 0, signal: null });
  });

  it('ends at start with every wrong key of its configuration', async () => {
    const listener = startSource(new URL('../src/main.ts', import.meta.url), {
      SHIPIT_CONFIG: '/nowhere',
      REDIS_URL: 'secret',
    });

    expect(await listener.ended()).toEqual({ code: 1, signal: null });
    expect(listener.output()).toMatch(/REDIS_URL[^]*SHIPIT_CONFIG|SHIPIT_CONFIG[^]*REDIS_URL/);
    expect(listener.output()).not.toContain('secret');
  });

  async function waitForReasons(count: number): Promise<(string | undefined)[]> {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const client = new SQSClient({ endpoint: world.sqs.url, region: 'us-east-1', credentials });
    const request = { QueueUrl: world.deadLetterQueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    const found: (string | undefined)[] = [];
    await waitUntil(
      async () => {
        const { Messages = [] } = await client.send(new ReceiveMessageCommand(request));
        found.push(...Messages.map(({ MessageAttributes }) => MessageAttributes?.['reason']?.StringValue));
        return found.length >= count;
      },
      { limitMs: 20_000 },
    );
    client.destroy();
    return found;
  }
});
