import { startService } from '@shipit/platform';
import { CommitterEnvironment } from './config.js';
import { RepoCommitterModule } from './repo-committer.module.js';

await startService({
  name: 'repo-committer',
  environment: CommitterEnvironment,
  module: (context) => RepoCommitterModule.with(context),
});
