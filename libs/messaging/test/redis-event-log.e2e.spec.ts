import { RecordedLog } from '@shipit/platform/testing';
import { type RunningRedis, startRedis } from '@shipit/testing';
import { afterAll, beforeAll } from 'vitest';
import { eventLogContract } from '../src/event-log.contract.js';
import { RedisConnections } from '../src/redis-connections.js';
import { RedisEventLog } from '../src/redis-event-log.js';

let redis: RunningRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

eventLogContract('in Redis', async () => {
  await redis.empty();
  const connections = new RedisConnections(redis.url, new RecordedLog());
  await connections.check();
  return { log: new RedisEventLog(connections), close: async () => connections.close() };
});
