import { startService } from '@shipit/platform';

await startService({ name: 'image-push-listener', module: (context) => ImagePushListenerModule.with(context) });
