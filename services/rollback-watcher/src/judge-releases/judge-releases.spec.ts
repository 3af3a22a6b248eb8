import { ClusterError } from '@shipit/clusters';
import { InMemoryCluster } from '@shipit/clusters/testing';
import { helmReleaseCrd, type ShipitEvent } from '@shipit/contracts';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { ManualClock, RecordedLog } from '@shipit/platform/testing';
import { Shutdown } from '@shipit/platform';
import { expect, it } from 'vitest';
import { JudgeReleases } from './judge-releases.js';
import { ReleaseFailedHandler } from './release-failed.handler.js';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);

function setUp() {
  const clock = new ManualClock();
  const bus = new InMemoryEventBus();
  const cluster = new InMemoryCluster({ name: 'main' });
  const settings = { everySeconds: 30, outageReleases: 3, outageWindowSeconds: 300 };
  const judge = new JudgeReleases(cluster, bus, { clock, shutdown: new Shutdown(), log: new RecordedLog(), settings });
  const handler = new ReleaseFailedHandler(cluster, clock, judge);
  const seed = (name: string, state: string) => cluster.seed(release(name, state, clock.now()));
  cluster.seed(helmReleaseCrd());
  return { bus, clock, cluster, judge, handler, seed };
}

function release(name: string, state: string, now: Date) {
  const at = now.toISOString();
  return {
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: { name, namespace: 'default', generation: 1, annotations: { 'shipit.dev/commit': bad } },
    spec: { chart: { repository: './charts', name: 'service' } },
    status: {
      state,
      reason: 'ImageNotFound',
      message: 'no such image',
      observedGeneration: 1,
      revision: 2,
      commit: bad,
      images: ['registry.example/a:2'],
      lastGood: { revision: 1, commit: good },
      history: [
        {
          revision: 2,
          commit: bad,
          chart: 'service',
          images: ['registry.example/a:2'],
          state,
          reason: '',
          by: 'Ship-it',
          at,
        },
      ],
    },
  };
}

function failed(name: string): ShipitEvent & { type: 'release.failed' } {
  return {
    specversion: '1.0',
    id: `failed-${name}`,
    source: 'deployer',
    subject: `default/${name}`,
    time: '2026-01-01T00:00:00Z',
    type: 'release.failed',
    data: {
      release: `default/${name}`,
      cluster: 'main',
      revision: 2,
      commit: bad,
      images: [],
      reason: 'ImageNotFound',
      message: '',
      actor: '',
    },
  };
}

it('asks for one rollback of a failed release, however often it looks', async () => {
  const { bus, judge, seed } = setUp();
  seed('word-counts', 'Failed');
  await judge.judgeAll();
  await judge.judgeAll();
  expect(bus.published.map(({ type, subject }) => [type, subject])).toEqual([
    ['rollback.requested', 'default/word-counts'],
  ]);
});

it('asks again where Redis forgot what was asked', async () => {
  const first = setUp();
  const second = setUp();
  first.seed('word-counts', 'Failed');
  second.seed('word-counts', 'Failed');
  await first.judge.judgeAll();
  await second.judge.judgeAll();
  expect(second.bus.published.map(({ id }) => id)).toEqual(first.bus.published.map(({ id }) => id));
});

it('holds all rollbacks and says so when four releases of a cluster fail at once', async () => {
  const { bus, judge, seed } = setUp();
  for (const name of ['a', 'b', 'c', 'd']) seed(name, 'Failed');
  await judge.judgeAll();
  expect(bus.published.map(({ type }) => type)).toEqual(Array(4).fill('release.problem'));
});

it('is not kept from judging by an object that it does not understand', async () => {
  const { bus, cluster, judge, seed } = setUp();
  cluster.seed({
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: { name: 'odd', namespace: 'default' },
    spec: 7,
  });
  seed('word-counts', 'Failed');
  await judge.judgeAll();
  expect(bus.published).toHaveLength(1);
});

it('publishes nothing, and leaves the message for later, where the cluster does not answer', async () => {
  const { bus, cluster, handler, seed } = setUp();
  seed('word-counts', 'Failed');
  cluster.failWith(new ClusterError('Unreachable', 'unreachable'));
  const context = { log: new RecordedLog(), signal: new AbortController().signal, attempt: 1 };
  await expect(handler.handle(failed('word-counts'), context)).rejects.toThrow('unreachable');
  expect(bus.published).toEqual([]);
});

it('waits for the record of a failure that was announced before it was recorded', async () => {
  const { bus, clock, cluster, handler, seed } = setUp();
  seed('word-counts', 'Deploying');
  const context = { log: new RecordedLog(), signal: new AbortController().signal, attempt: 1 };
  const handled = handler.handle(failed('word-counts'), context);
  const ref = { apiVersion: 'shipit.dev/v1beta1', kind: 'HelmRelease', namespace: 'default', name: 'word-counts' };
  await cluster.mergePatch(ref, { status: { state: 'Failed' } }, { subresource: 'status' });
  for (let i = 0; i < 20; i++) {
    await clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await handled;
  expect(bus.published.map(({ type }) => type)).toEqual(['rollback.requested']);
});
