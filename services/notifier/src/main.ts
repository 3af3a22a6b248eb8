import { startService } from '@shipit/platform';
import { secretVariables } from './config.js';

await startService({
  name: 'notifier',
  secretVariables,
  // Read only when the configuration is right, so that a wrong one is told at once.
  module: async (context) => (await import('./notifier.module.js')).NotifierModule.with(context),
});
