import { type RunningRedis, startRedis } from '@shipit/testing';
import { afterAll, beforeAll } from 'vitest';
import { eventBusContract } from '../src/event-bus.contract.js';
import { setUp } from './messaging-for-tests.js';

let redis: RunningRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

eventBusContract('BullMQ', async () => {
  await redis.restart();
  const messaging = await setUp(redis);
  return {
    bus: messaging.bus,
    log: messaging.eventLog,
    queued: async (name) => {
      const queue = messaging.queue(name);
      const jobs = await queue.getWaiting();
      await queue.close();
      return jobs.map(({ data }) => (data as { id: string }).id);
    },
    breakDown: () => redis.kill(),
    heal: () => redis.restart(),
    close: () => messaging.close(),
  };
});
