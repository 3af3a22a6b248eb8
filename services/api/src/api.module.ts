import { ECRClient } from '@aws-sdk/client-ecr';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { HelmEngine, ReleaseRecords } from '@shipit/charts';
import { Cluster, KubernetesCluster } from '@shipit/clusters';
import { GitRepository, IsomorphicGitRepository } from '@shipit/git';
import { EventLog, MessagingModule } from '@shipit/messaging';
import { Clock, Log, type ServiceContext } from '@shipit/platform';
import { EcrRegistry, Registry } from '@shipit/registries';
import { AccessTokens, RoleGuard } from './access/role.guard.js';
import type { ApiEnvironment } from './config.js';
import { EventsController } from './events/events.controller.js';
import { ExplainService } from './explain/explain.service.js';
import { FindCandidates } from './explain/find-candidates.js';
import { ReadDeclaration } from './explain/read-declaration.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { PageController, PageFolder } from './page/page.controller.js';
import { ProblemFilter } from './problems/problem.filter.js';
import { ReleaseStore } from './releases/release-store.js';
import { ReleasesController } from './releases/releases.controller.js';
import { AskCommitter } from './requests/ask-committer.js';
import { RequestsController } from './requests/requests.controller.js';
import { ReadResources } from './resources/read-resources.js';

/** So long a person waits for the registry before the event log has to do. */
const registryDeadlineMs = 5_000;

interface Closable {
  close?: () => unknown;
}

/** What is held open for the outside goes with the process. */
class CloseOutside implements OnApplicationShutdown {
  constructor(private readonly outside: readonly Closable[]) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.outside.map((one) => one.close?.()));
  }
}

/** The only place where the api's ports meet their adapters. */
@Module({})
export class ApiModule {
  static with({ config, environment }: ServiceContext<ApiEnvironment>): DynamicModule {
    const { clusters, git, registries, sweep } = config;
    const [{ name, kubeconfig, context }] = clusters;
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
            new IsomorphicGitRepository({ url: git.url, branch: git.branch, token: environment.GIT_TOKEN }),
        },
        {
          provide: Registry,
          useFactory: () =>
            new EcrRegistry({
              client: (region) => new ECRClient({ region, maxAttempts: 2 }),
              registries,
              deadlineMs: registryDeadlineMs,
            }),
        },
        {
          provide: CloseOutside,
          inject: [Cluster, GitRepository, Registry],
          useFactory: (...outside: Closable[]) => new CloseOutside(outside),
        },
        { provide: HelmEngine, useFactory: () => new HelmEngine({ workers: 1 }) },
        {
          provide: ReleaseRecords,
          inject: [Cluster, HelmEngine],
          useFactory: (cluster: Cluster, engine: HelmEngine) => new ReleaseRecords(cluster, engine),
        },
        {
          provide: FindCandidates,
          inject: [EventLog, GitRepository, Registry, Clock, Log],
          useFactory: (eventLog: EventLog, files: GitRepository, tags: Registry, ...[clock, log]: [Clock, Log]) => {
            const declarations = new ReadDeclaration(files, git.path);
            return new FindCandidates(eventLog, declarations, tags, { clock, log, sinceHours: sweep.sinceHours });
          },
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
