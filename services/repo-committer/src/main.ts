import { startService } from '@shipit/platform';
import { CommitterEnvironment } from './config.js';

await startService({
  name: 'repo-committer',
  environment: CommitterEnvironment,
  // Read only when the configuration is right, so that a wrong one is told at once.
  module: async (context) => (await import('./repo-committer.module.js')).RepoCommitterModule.with(context),
});
