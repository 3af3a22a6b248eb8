import { startService } from '@shipit/platform';
import { secretVariables } from './config.js';
import { NotifierModule } from './notifier.module.js';

await startService({ name: 'notifier', secretVariables, module: (context) => NotifierModule.with(context) });
