import { startService } from '@shipit/platform';
import { RollbackWatcherModule } from './rollback-watcher.module.js';

await startService({ name: 'rollback-watcher', module: (context) => RollbackWatcherModule.with(context) });
