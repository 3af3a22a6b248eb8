import { startService } from '@shipit/platform';
import { DeployerEnvironment } from './config.js';

await startService({
  name: 'deployer',
  environment: DeployerEnvironment,
  // Read only when the configuration is right, so that a wrong one is told at once.
  module: async (context) => (await import('./deployer.module.js')).DeployerModule.with(context),
});
