import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { HelmEngine, ReleaseRecords } from '@shipit/charts';
import { Cluster, KubernetesCluster } from '@shipit/clusters';
import { GitRepository, IsomorphicGitRepository } from '@shipit/git';
import { EventLog, MessagingModule } from '@shipit/messaging';
import type { ServiceContext } from '@shipit/platform';
import { AccessTokens, RoleGuard } from './access/role.guard.js';
import type { ApiEnvironment } from './config.js';
import { EventsController } from './events/events.controller.js';
import { ExplainService } from './explain/explain.service.js';
import { FindCandidates } from './explain/find-candidates.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { PageController, PageFolder } from './page/page.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { ReleaseStore } from './releases/release-store.js';
import { ReleasesController } from './releases/releases.controller.js';
import { AskCommitter } from './requests/ask-committer.js';
import { RequestsController } from './requests/requests.controller.js';
import { ReadResources } from './resources/read-resources.js';

/** The only place where the api's ports meet their adapters. */
@Module({})
export class ApiModule {
  static with({ config, environment }: ServiceContext<ApiEnvironment>): DynamicModule {
    const [{ name, kubeconfig, context }] = config.clusters;
    return {
      module: ApiModule,
      imports: [MessagingModule.with({ redisUrl: environment.REDIS_URL })],
      controllers: [ReleasesController, RequestsController, EventsController, OpenApiController, PageController],
      providers: [
        { provide: APP_GUARD, useClass: RoleGuard },
        { provide: APP_FILTER, useClass: ProblemFilter },
        { provide: AccessTokens, useValue: new AccessTokens(environment.SHIPIT_API_TOKENS) },
        { provide: Cluster, useFactory: () => new KubernetesCluster({ name, kubeconfigFile: kubeconfig, context }) },
        {
          provide: GitRepository,
          useFactory: () =>
            new IsomorphicGitRepository({
              url: config.git.url,
              branch: config.git.branch,
              token: environment.GIT_TOKEN,
            }),
        },
        { provide: HelmEngine, useFactory: () => new HelmEngine({ workers: 1 }) },
        {
          provide: ReleaseRecords,
          inject: [Cluster, HelmEngine],
          useFactory: (cluster: Cluster, engine: HelmEngine) => new ReleaseRecords(cluster, engine),
        },
        {
          provide: FindCandidates,
          inject: [EventLog, GitRepository],
          useFactory: (log: EventLog, repository: GitRepository) => new FindCandidates(log, repository),
        },
        { provide: PageFolder, useFactory: () => new PageFolder(environment.SHIPIT_PAGE) },
        ReleaseStore,
        ReadResources,
        ExplainService,
        AskCommitter,
      ],
    };
  }
}
