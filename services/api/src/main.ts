import { startService } from '@shipit/platform';
import { ExpressAdapter } from '@nestjs/platform-express';
import { ApiModule } from './api.module.js';
import { ApiEnvironment } from './config.js';

await startService({
  name: 'api',
  environment: ApiEnvironment,
  module: (context) => ApiModule.with(context),
  http: () => new ExpressAdapter(),
});
