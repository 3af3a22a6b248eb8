import { type DynamicModule, Module } from '@nestjs/common';
import { Cluster, KubernetesCluster } from '@shipit/clusters';
import { EventBus, MessagingModule } from '@shipit/messaging';
import { Clock, Log, type ServiceContext, Shutdown } from '@shipit/platform';
import { JudgeReleases } from './judge-releases/judge-releases.js';
import { ReleaseFailedHandler } from './judge-releases/release-failed.handler.js';

/** The only place where the watcher's ports meet their adapters. */
@Module({})
export class RollbackWatcherModule {
  static with({ config, environment }: ServiceContext<object>): DynamicModule {
    const [{ name, kubeconfig, context }] = config.clusters;
    return {
      module: RollbackWatcherModule,
      imports: [MessagingModule.with({ redisUrl: environment.REDIS_URL, queue: 'rollback-watcher' })],
      providers: [
        { provide: Cluster, useFactory: () => new KubernetesCluster({ name, kubeconfigFile: kubeconfig, context }) },
        {
          provide: JudgeReleases,
          inject: [Cluster, EventBus, Clock, Shutdown, Log],
          useFactory: (cluster: Cluster, events: EventBus, ...[clock, shutdown, log]: [Clock, Shutdown, Log]) =>
            new JudgeReleases(cluster, events, { clock, shutdown, log, settings: config.rollback }),
        },
        ReleaseFailedHandler,
      ],
    };
  }
}
