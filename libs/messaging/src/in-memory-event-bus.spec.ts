import { eventBusContract } from './event-bus.contract.js';
import { InMemoryEventBus } from './in-memory-event-bus.js';

eventBusContract('in memory', async () => {
  const bus = new InMemoryEventBus();
  return {
    bus,
    log: bus.eventLog,
    queued: async (queue) => bus.queued(queue).map(({ id }) => id),
    breakDown: async () => bus.failWith(new Error('away')),
    heal: async () => bus.failWith(),
    close: async () => undefined,
  };
});
