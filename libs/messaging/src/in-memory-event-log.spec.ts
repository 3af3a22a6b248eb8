import { eventLogContract } from './event-log.contract.js';
import { InMemoryEventLog } from './in-memory-event-log.js';

eventLogContract('in memory', async () => ({ log: new InMemoryEventLog(), close: async () => undefined }));
