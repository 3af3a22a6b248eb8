import { startService } from '@shipit/platform';
import { DeployerEnvironment } from './config.js';
import { DeployerModule } from './deployer.module.js';

await startService({
  name: 'deployer',
  environment: DeployerEnvironment,
  module: (context) => DeployerModule.with(context),
});
