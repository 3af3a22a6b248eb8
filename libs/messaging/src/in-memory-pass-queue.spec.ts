import { ManualClock } from '@shipit/platform/testing';
import { InMemoryPassQueue } from './in-memory-pass-queue.js';
import { passQueueContract } from './pass-queue.contract.js';

passQueueContract('in memory', async () => {
  const clock = new ManualClock();
  const passes = new InMemoryPassQueue(clock);
  return { passes, elapse: (byMs) => clock.advance(byMs), close: () => passes.close() };
});
