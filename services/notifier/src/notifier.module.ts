import { type DynamicModule, Module } from '@nestjs/common';
import { MessagingModule, RedisConnections } from '@shipit/messaging';
import { Log, Metrics, Secrets, type ServiceContext, Shutdown } from '@shipit/platform';
import type { Target } from './config.js';
import { DeliverEventHandler } from './deliver-event/deliver-event.handler.js';
import { Deliveries } from './deliver-event/deliveries.js';
import { DisabledTargets } from './deliver-event/disabled-targets.js';
import { TargetQueues } from './deliver-event/target-queues.js';
import { FanOutEventHandler } from './fan-out-event/fan-out-event.handler.js';

type Platform = [log: Log, metrics: Metrics, secrets: Secrets, shutdown: Shutdown];

/** The only place where the notifier's ports meet their adapters. */
@Module({})
export class NotifierModule {
  static with({ config, environment, secret }: ServiceContext<object>): DynamicModule {
    const { targets } = config.notifier;
    return {
      module: NotifierModule,
      imports: [MessagingModule.with({ redisUrl: environment.REDIS_URL, queue: 'notifier' })],
      providers: [
        {
          provide: Deliveries,
          inject: [RedisConnections, Log, Metrics, Secrets, Shutdown],
          useFactory: (connections: RedisConnections, ...[log, metrics, secrets, shutdown]: Platform) =>
            new TargetQueues(handlersOf(targets, secret, connections), connections, {
              log,
              metrics,
              secrets,
              shutdown,
            }),
        },
        {
          provide: FanOutEventHandler,
          inject: [Deliveries],
          useFactory: (deliveries: Deliveries) => new FanOutEventHandler(targets, deliveries),
        },
      ],
    };
  }
}

function handlersOf(
  targets: readonly Target[],
  secret: (variable: string) => string,
  connections: RedisConnections,
): Map<string, DeliverEventHandler> {
  const disabled = new DisabledTargets(connections);
  return new Map(
    targets.map((target) => {
      try {
        return [target.name, new DeliverEventHandler(target, secret(target.secretEnv), disabled)];
      } catch {
        throw new Error(`${target.secretEnv}: must be a secret as Standard Webhooks writes it: whsec_ and base64`);
      }
    }),
  );
}
