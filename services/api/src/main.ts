import { startService } from '@shipit/platform';
import { ApiEnvironment } from './config.js';
import { createHttpAdapter } from './http-adapter.js';

await startService({
  name: 'api',
  environment: ApiEnvironment,
  // Read only when the configuration is right, so that a wrong one is told at once.
  module: async (context) => (await import('./api.module.js')).ApiModule.with(context),
  http: createHttpAdapter,
});
