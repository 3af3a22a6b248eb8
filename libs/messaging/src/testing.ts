export { anEvent } from './events-for-tests.js';
export { InMemoryEventBus } from './in-memory-event-bus.js';
export { InMemoryEventLog } from './in-memory-event-log.js';
export { InMemoryPassQueue } from './in-memory-pass-queue.js';
