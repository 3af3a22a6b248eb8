import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { HelmEngine } from '@shipit/charts';
import type { Cluster } from '@shipit/clusters';
import type { PassQueue } from '@shipit/messaging';
import type { Clock, Log, Shutdown } from '@shipit/platform';
import type { ReleaseReconciler } from './reconcile-release/reconcile-release.js';
import { installCrd } from './release-objects/install-crd.js';
import type { SyncLoop } from './sync-repository/sync-loop.js';
import type { ReleaseWatcher } from './watch-releases/watch-releases.js';

export interface DeployerParts {
  management: Cluster;
  queues: ReadonlyMap<string, PassQueue>;
  reconciler: ReleaseReconciler;
  watcher: ReleaseWatcher;
  sync: SyncLoop;
  engine: Pick<HelmEngine, 'warmUp'>;
  pollSeconds: number;
  clock: Clock;
  log: Log;
  shutdown: Shutdown;
  /** Lets go of what the adapters hold. */
  close: () => Promise<void>;
}

/** Starts what runs by itself, passes, watches and the poll of git, and ends it with the service. */
export class Deployer implements OnApplicationBootstrap, OnApplicationShutdown {
  private running: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: DeployerParts) {}

  async onApplicationBootstrap(): Promise<void> {
    const { management, queues, clock, log, shutdown, watcher, sync, engine, pollSeconds } = this.parts;
    await installCrd(management, clock, shutdown.signal);
    for (const queue of queues.values()) queue.work((key, signal) => this.pass(queue, key, signal));
    this.running = Promise.all([watcher.watch(shutdown.signal), sync.poll(pollSeconds)]);
    engine.warmUp().catch((err: unknown) => log.warn({ err }, 'Helm could not be started ahead'));
    this.running.catch((err: unknown) => log.error({ err }, 'watching ended'));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.parts.queues.values()].map((queue) => queue.close()));
    await this.running.catch(() => undefined);
    await this.parts.close();
  }

  private async pass(queue: PassQueue, key: string, signal: AbortSignal): Promise<void> {
    const lookAgainAt = await this.parts.reconciler.reconcile(key, signal);
    if (!lookAgainAt) return;
    const delayMs = lookAgainAt.getTime() - this.parts.clock.now().getTime();
    await (delayMs > 0 ? queue.enqueueAfter(key, delayMs) : queue.enqueue(key));
  }
}
