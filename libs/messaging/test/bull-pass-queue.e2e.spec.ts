import { RecordedLog } from '@shipit/platform/testing';
import { type RunningRedis, startRedis } from '@shipit/testing';
import { afterAll, beforeAll } from 'vitest';
import { BullPassQueue } from '../src/bull-pass-queue.js';
import { passQueueContract } from '../src/pass-queue.contract.js';
import { RedisConnections } from '../src/redis-connections.js';

let redis: RunningRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

passQueueContract('BullMQ', async () => {
  await redis.empty();
  const log = new RecordedLog();
  const connections = new RedisConnections(redis.url, log);
  await connections.check();
  const passes = new BullPassQueue(connections, 'passes-main', log);
  return {
    passes,
    elapse: async () => undefined,
    close: async () => {
      await passes.close();
      connections.close();
    },
  };
});
