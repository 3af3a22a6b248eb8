import { startService } from '@shipit/platform';

await startService({
  name: 'rollback-watcher',
  // Read only when the configuration is right, so that a wrong one is told at once.
  module: async (context) => (await import('./rollback-watcher.module.js')).RollbackWatcherModule.with(context),
});
