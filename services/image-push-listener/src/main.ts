import { startService } from '@shipit/platform';
import { ImagePushListenerModule } from './image-push-listener.module.js';

await startService({ name: 'image-push-listener', module: (context) => ImagePushListenerModule.with(context) });
