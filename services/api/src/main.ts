import { startService } from '@shipit/platform';
import { ApiModule } from './api.module.js';
import { ApiEnvironment } from './config.js';
import { createHttpAdapter } from './http-adapter.js';

await startService({
  name: 'api',
  environment: ApiEnvironment,
  module: (context) => ApiModule.with(context),
  http: createHttpAdapter,
});
