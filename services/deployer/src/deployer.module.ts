import { readFileSync } from 'node:fs';
import { type DynamicModule, Module } from '@nestjs/common';
import { type HelmRelease, repositoryLabel } from '@shipit/contracts';
import { chartSources, type Credential, dockerCredentials, HelmEngine, HelmRenderer } from '@shipit/charts';
import { KubernetesCluster } from '@shipit/clusters';
import { IsomorphicGitRepository } from '@shipit/git';
import { BullPassQueue, EventBus, MessagingModule, RedisConnections } from '@shipit/messaging';
import { Clock, Log, type ServiceContext, Shutdown } from '@shipit/platform';
import { chartCacheIn } from './chart-cache-folder.js';
import { type DeployerEnvironment, repositoryIdOf } from './config.js';
import { Deployer } from './deployer.js';
import { ClusterNames } from './note-requests/cluster-names.js';
import { ReleaseVerifiedHandler } from './note-requests/release-verified.handler.js';
import { RollbackRefusedHandler } from './note-requests/rollback-refused.handler.js';
import { RollbackRequestedHandler } from './note-requests/rollback-requested.handler.js';
import { StatusNotes } from './note-requests/status-notes.js';
import { createReconciler } from './reconcile-release/create-reconciler.js';
import { ReleaseObjects } from './release-objects/release-objects.js';
import { ReleaseCommittedHandler } from './sync-repository/release-committed.handler.js';
import { ReleasesInGit } from './sync-repository/releases-in-git.js';
import { RepositoryReader } from './sync-repository/repository-reader.js';
import { SyncLoop } from './sync-repository/sync-loop.js';
import { RepositorySync } from './sync-repository/sync-repository.js';
import { ReleaseWatcher } from './watch-releases/watch-releases.js';

/** The only place where the deployer's ports meet their adapters. */
@Module({})
export class DeployerModule {
  static with(context: ServiceContext<DeployerEnvironment>): DynamicModule {
    const { config, environment } = context;
    const adapters = createAdapters(context);
    const { management, clusters, source } = adapters;
    const objects = new ReleaseObjects(management);
    return {
      module: DeployerModule,
      imports: [MessagingModule.with({ redisUrl: environment.REDIS_URL, queue: 'deployer' })],
      providers: [
        { provide: ClusterNames, useValue: new ClusterNames([...clusters.keys()]) },
        {
          provide: StatusNotes,
          inject: [EventBus],
          useFactory: (events: EventBus) => new StatusNotes(objects, events),
        },
        {
          provide: SyncLoop,
          inject: [EventBus, Clock, Log, Shutdown],
          useFactory: (events: EventBus, clock: Clock, log: Log, shutdown: Shutdown) => {
            const sync = new RepositorySync({ source, objects, events, clock, log }, repositoryIdOf(config.git));
            return new SyncLoop(sync, { clock, log, shutdown });
          },
        },
        {
          provide: Deployer,
          inject: [SyncLoop, EventBus, RedisConnections, Clock, Log, Shutdown],
          useFactory: (
            sync: SyncLoop,
            events: EventBus,
            ...[redis, clock, log, shutdown]: [RedisConnections, Clock, Log, Shutdown]
          ) => createDeployer({ context, adapters, sync, events, redis, clock, log, shutdown }),
        },
        ReleaseCommittedHandler,
        RollbackRequestedHandler,
        RollbackRefusedHandler,
        ReleaseVerifiedHandler,
      ],
    };
  }
}

function createAdapters({ config, environment, log }: ServiceContext<DeployerEnvironment>) {
  const { git } = config;
  const onWatchProblem = (err: unknown): void => log.debug({ err }, 'watch starts again');
  const all = config.clusters.map(
    ({ name, kubeconfig, context }) =>
      new KubernetesCluster({ name, kubeconfigFile: kubeconfig, context, onWatchProblem }),
  );
  const [management] = all;
  if (!management) throw new Error('No cluster is configured');
  const repository = new IsomorphicGitRepository({
    url: git.url,
    branch: git.branch,
    token: environment.GIT_TOKEN,
    username: environment.GIT_USERNAME,
  });
  const clusters = new Map(all.map((cluster) => [cluster.name, cluster]));
  return {
    management,
    clusters,
    repository,
    source: new ReleasesInGit(repository, git.path),
    engine: new HelmEngine(),
  };
}

interface DeployerSetting {
  context: ServiceContext<DeployerEnvironment>;
  adapters: ReturnType<typeof createAdapters>;
  sync: SyncLoop;
  events: EventBus;
  redis: RedisConnections;
  clock: Clock;
  log: Log;
  shutdown: Shutdown;
}

function createDeployer({ context, adapters, sync, events, redis, clock, log, shutdown }: DeployerSetting): Deployer {
  const { config, environment } = context;
  const { management, clusters, source, engine, repository } = adapters;
  const reader = new RepositoryReader(source);
  const repositoryId = repositoryIdOf(config.git);
  const queues = new Map([...clusters.keys()].map((name) => [name, new BullPassQueue(redis, `passes-${name}`, log)]));
  const reconciler = createReconciler({
    ...{ clusters, management, engine, events, clock, log },
    renderer: new HelmRenderer(engine),
    chooseSource: chartSources(engine, {
      allowPlainHttp: environment.CHARTS_ALLOW_HTTP === 'true',
      ...chartCacheIn(environment.CHARTS_CACHE_FOLDER, log),
      credentials: readCredentials(context),
    }),
    readRepository: (commit, folder) => reader.readFolder(commit, folder),
    isDeclared: (key) => reader.isDeclared(key),
    isOurs: ({ metadata }: HelmRelease) => [undefined, repositoryId].includes(metadata.labels?.[repositoryLabel]),
  });
  const onGone = (): void => void sync.request().catch((err: unknown) => log.debug({ err }, 'sync failed'));
  const watcher = new ReleaseWatcher({
    management,
    clusters,
    objects: new ReleaseObjects(management),
    queues,
    onGone,
    clock,
    log,
  });
  return new Deployer({
    ...{ management, queues, reconciler, watcher, sync, engine, clock, log, shutdown },
    pollSeconds: config.git.pollSeconds,
    close: async () => {
      await engine.close();
      await repository.close();
      for (const cluster of clusters.values()) cluster.close();
    },
  });
}

/** @throws where the file that the environment names cannot be read: the service does not start. */
function readCredentials({ environment, secrets }: DeployerSetting['context']): Credential[] {
  const { CHARTS_CREDENTIALS_FILE: file } = environment;
  const credentials = file === undefined ? [] : dockerCredentials(readFileSync(file));
  for (const { authorization } of credentials) secrets.add(authorization);
  return credentials;
}
