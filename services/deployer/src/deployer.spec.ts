import type { Worker } from 'node:worker_threads';
import type { Cluster } from '@shipit/clusters';
import { HelmEngine } from '@shipit/charts';
import { Shutdown } from '@shipit/platform';
import { afterEach, describe, expect, it } from 'vitest';
import { setUp } from '../test/deployer-fixture.js';
import { Deployer } from './deployer.js';
import { createReconciler } from './reconcile-release/create-reconciler.js';
import { SyncLoop } from './sync-repository/sync-loop.js';
import { ReleaseWatcher } from './watch-releases/watch-releases.js';

const workers: Worker[] = [];
const note = (worker: Worker): unknown => workers.push(worker);
process.on('worker', note);
afterEach(() => workers.splice(0));

describe('a deployer that starts', () => {
  it('starts Helm before there is a release to render, and is ready without waiting for it', async () => {
    const engine = new HelmEngine({ workers: 1 });
    const { bootstrap, stop } = await deployer(engine);
    await bootstrap();
    // Node tells of a new thread a moment later.
    await new Promise((resolve) => setImmediate(resolve));
    expect(workers).toHaveLength(1);
    const warm = engine.warmUp().then(() => 'Helm is ready');
    expect(await Promise.race([warm, new Promise((resolve) => setImmediate(resolve, 'not yet'))])).toBe('not yet');
    await stop();
  });

  it('does its work all the same where Helm could not be started ahead', async () => {
    const engine = new HelmEngine({ workers: 1 });
    const end = (worker: Worker): void => void worker.terminate();
    process.on('worker', end);
    const { bootstrap, stop, log } = await deployer(engine);
    await bootstrap();
    await expect.poll(() => log.lines.map(({ message }) => message)).toContain('Helm could not be started ahead');
    process.off('worker', end);
    await stop();
  });
});

async function deployer(engine: HelmEngine) {
  const { cluster, objects, sync, ports, clock, log } = await setUp();
  const shutdown = new Shutdown();
  const parts = { management: cluster, clock, log };
  const queues = new Map();
  const service = new Deployer({
    ...parts,
    ...{ queues, shutdown, engine },
    reconciler: createReconciler(ports),
    watcher: new ReleaseWatcher({
      ...{ ...parts, objects, queues, onGone: () => undefined },
      clusters: new Map<string, Cluster>([['main', cluster]]),
    }),
    sync: new SyncLoop(sync, { clock, log, shutdown }),
    pollSeconds: 60,
    close: () => engine.close(),
  });
  return {
    log,
    bootstrap: () => service.onApplicationBootstrap(),
    stop: async () => {
      shutdown.begin('the test is over');
      await service.onApplicationShutdown();
    },
  };
}
