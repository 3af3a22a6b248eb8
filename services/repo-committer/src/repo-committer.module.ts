import { ECRClient } from '@aws-sdk/client-ecr';
import { type DynamicModule, Module, type OnApplicationShutdown } from '@nestjs/common';
import { idOf, type ShipitConfig } from '@shipit/contracts';
import { GitRepository, IsomorphicGitRepository } from '@shipit/git';
import { EventBus, MessagingModule, RedisConnections } from '@shipit/messaging';
import { Clock, Log, Metrics, type ServiceContext, Shutdown } from '@shipit/platform';
import { EcrRegistry, Registry } from '@shipit/registries';
import { CommitImagesHandler } from './commit-images/commit-images.handler.js';
import { ImageCommits } from './commit-images/image-commits.js';
import { CommitRequestHandler } from './commit-requests/commit-request.handler.js';
import { NewestImages } from './commit-requests/newest-images.js';
import { CommitRollbackHandler } from './commit-rollbacks/commit-rollback.handler.js';
import type { CommitterEnvironment } from './config.js';
import { BranchLease } from './publish-edits/branch-lease.js';
import { BranchWriter } from './publish-edits/branch-writer.js';
import { Branch } from './read-branch/branch.js';
import { problemEvent } from './read-branch/branch-problems.js';
import { FollowBranch } from './take-up-pushes/follow-branch.js';

/** So many pushes can wait for one commit. */
const CONCURRENCY = 500;
const LEASE_MS = 5_000;

/** The throw-away clone goes with the process. */
class CloneCleanUp implements OnApplicationShutdown {
  constructor(private readonly repository: IsomorphicGitRepository) {}

  async onApplicationShutdown(): Promise<void> {
    await this.repository.close();
  }
}

/** The only place where the committer's ports meet their adapters. */
@Module({})
export class RepoCommitterModule {
  static with({ config, environment }: ServiceContext<CommitterEnvironment>): DynamicModule {
    const { git, commits } = config;
    const repository = new IsomorphicGitRepository({
      url: git.url,
      branch: git.branch,
      token: environment.GIT_TOKEN,
      username: environment.GIT_USERNAME,
    });
    return {
      module: RepoCommitterModule,
      imports: [
        MessagingModule.with({ redisUrl: environment.REDIS_URL, queue: 'repo-committer', concurrency: CONCURRENCY }),
      ],
      providers: [
        { provide: GitRepository, useValue: repository },
        { provide: CloneCleanUp, useValue: new CloneCleanUp(repository) },
        { provide: Registry, useFactory: () => createRegistry(config) },
        {
          provide: Branch,
          inject: [EventBus, Clock, Log],
          useFactory: (events: EventBus, clock: Clock, log: Log) =>
            new Branch(repository, git.path, (problem) => {
              log.warn({ problem: problem.kind, tip: problem.tip }, 'branch has a problem');
              events
                .publish(problemEvent(problem, clock.now()))
                .catch((err: unknown) => log.warn({ err }, 'problem could not be announced'));
            }),
        },
        {
          provide: BranchWriter,
          inject: [Branch, RedisConnections, Clock, Log],
          useFactory: (branch: Branch, { producer }: RedisConnections, clock: Clock, log: Log) => {
            const key = `shipit:lease:${idOf(git.url, git.branch)}`;
            const lease = new BranchLease(producer, clock, log, { key, ttlMs: LEASE_MS, waitMs: LEASE_MS / 2 });
            const settings = { author: git.author, deadlineMs: commits.deadlineSeconds * 1000 };
            return new BranchWriter(branch, lease, { clock, log }, settings);
          },
        },
        {
          provide: ImageCommits,
          inject: [BranchWriter, Registry, EventBus, Clock, Shutdown, Metrics],
          useFactory: (
            writer: BranchWriter,
            registry: Registry,
            events: EventBus,
            ...[clock, { signal }, metrics]: [Clock, Shutdown, Metrics]
          ) => new ImageCommits(writer, registry, events, { ...commits, clock, signal, metrics }),
        },
        NewestImages,
        {
          provide: FollowBranch,
          inject: [BranchWriter, NewestImages, Clock, Log, Shutdown],
          useFactory: (
            writer: BranchWriter,
            newest: NewestImages,
            ...[clock, log, { signal }]: [Clock, Log, Shutdown]
          ) => {
            const settings = { everySeconds: git.pollSeconds, sinceHours: config.sweep.sinceHours };
            return new FollowBranch(writer, newest, { ...settings, clock, log, signal });
          },
        },
        CommitImagesHandler,
        CommitRollbackHandler,
        CommitRequestHandler,
      ],
    };
  }
}

function createRegistry({ registries }: ShipitConfig): Registry {
  return new EcrRegistry({ client: (region) => new ECRClient({ region, maxAttempts: 3 }), registries });
}
