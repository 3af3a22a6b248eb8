import { RecordedLog } from '@shipit/platform/testing';
import { type RunningRedis, startRedis, startSource, waitUntil } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEvent } from '../src/events-for-tests.js';
import { RedisConnections } from '../src/redis-connections.js';
import { setUp } from './messaging-for-tests.js';

const consumer = new URL('./killed-consumer.ts', import.meta.url);

describe('faults', () => {
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  it('finishes a message whose consumer was killed five times', { timeout: 180_000 }, async () => {
    const part = await setUp(redis);
    await part.bus.publish(anEvent('deadly'));
    for (let n = 0; n < 5; n++) {
      const killed = startSource(consumer, { REDIS_URL: redis.url });
      expect((await killed.ended()).signal).toBe('SIGKILL');
    }
    const last = startSource(consumer, { REDIS_URL: redis.url, MERCY: 'yes' });
    expect(await last.ready()).toEqual({ id: 'deadly', attempt: 1 });
    await last.stop('SIGKILL');
    expect(await part.deadLetters.list(1)).toEqual([]);
    await part.close();
  });

  it('does not start on a Redis that would throw queued work away', async () => {
    const evicting = await startRedis({ maxmemoryPolicy: 'allkeys-lru' });
    const connections = new RedisConnections(evicting.url, new RecordedLog());
    await expect(connections.check()).rejects.toThrow('set maxmemory-policy to noeviction');
    connections.close();
    await evicting.close();
  });

  it('comes back from a Redis that stopped answering on an open connection', { timeout: 90_000 }, async () => {
    const part = await setUp(redis);
    const seen: string[] = [];
    part.consume(async ({ id }) => void seen.push(id));
    await part.bus.publish(anEvent('before-freeze'));
    await waitUntil(() => seen.includes('before-freeze'));
    redis.pause();
    await expect(part.bus.publish(anEvent('frozen'))).rejects.toThrow();
    redis.resume();
    await waitUntil(() => part.bus.publish(anEvent('thawed')).then(() => true), { limitMs: 30_000 });
    await waitUntil(() => seen.includes('thawed'), { limitMs: 30_000 });
    await part.close();
  });
});
