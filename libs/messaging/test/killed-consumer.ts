import { Secrets } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import { RedisConnections } from '../src/redis-connections.js';
import { startConsumers } from '../src/start-consumers.js';
import { handlersOf } from './messaging-for-tests.js';

/** A process that is killed as soon as it has a message in hand; where MERCY is set, it finishes it. */
const connections = new RedisConnections(process.env['REDIS_URL'] ?? '', new RecordedLog());
startConsumers(connections, {
  queue: 'notifier',
  handlers: handlersOf('notifier', async ({ id }, { attempt }) => {
    process.send?.({ id, attempt });
    if (!process.env['MERCY']) process.kill(process.pid, 'SIGKILL');
  }),
  stopping: new AbortController().signal,
  log: new RecordedLog(),
  secrets: new Secrets(),
});
process.on('disconnect', () => process.exit());
