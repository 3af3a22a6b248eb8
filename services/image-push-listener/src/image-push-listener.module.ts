import { ECRClient } from '@aws-sdk/client-ecr';
import { type DynamicModule, Module } from '@nestjs/common';
import { EventBus, MessagingModule } from '@shipit/messaging';
import { Clock, Log, type ServiceContext, Shutdown } from '@shipit/platform';
import { EcrRegistry, Registry } from '@shipit/registries';
import { PushIntake } from './receive-push/push-intake.js';
import { ReceivePushHandler } from './receive-push/receive-push.handler.js';
import { SweepRegistries } from './sweep-registry/sweep-registries.js';

/** The only place where the listener's ports meet their adapters. */
@Module({})
export class ImagePushListenerModule {
  static with({ config, environment }: ServiceContext<object>): DynamicModule {
    const { registries, intake, sweep } = config;
    return {
      module: ImagePushListenerModule,
      imports: [MessagingModule.with({ redisUrl: environment.REDIS_URL })],
      providers: [
        {
          provide: Registry,
          useFactory: () => new EcrRegistry({ client: (region) => new ECRClient({ region }), registries }),
        },
        {
          provide: ReceivePushHandler,
          inject: [Registry, EventBus, Clock],
          useFactory: (registry: Registry, events: EventBus, clock: Clock) =>
            new ReceivePushHandler(registry, events, clock, registries),
        },
        {
          provide: PushIntake,
          inject: [ReceivePushHandler, Log, Clock],
          useFactory: (handler: ReceivePushHandler, log: Log, clock: Clock) =>
            new PushIntake(intake, { handler, log, clock }),
        },
        {
          provide: SweepRegistries,
          inject: [Registry, EventBus, Clock, Log, Shutdown],
          useFactory: (registry: Registry, events: EventBus, ...[clock, log, shutdown]: [Clock, Log, Shutdown]) =>
            new SweepRegistries(registry, events, { clock, log, shutdown, registries, settings: sweep }),
        },
      ],
    };
  }
}
