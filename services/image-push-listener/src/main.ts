import { startService } from '@shipit/platform';

await startService({
  name: 'image-push-listener',
  // Read only when the configuration is right, so that a wrong one is told at once.
  module: async (context) => (await import('./image-push-listener.module.js')).ImagePushListenerModule.with(context),
});
