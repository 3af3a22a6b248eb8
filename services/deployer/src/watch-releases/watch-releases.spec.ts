import type { Cluster, KubernetesObject } from '@shipit/clusters';
import { InMemoryPassQueue } from '@shipit/messaging/testing';
import { describe, expect, it } from 'vitest';
import { type DeployerFixture, key, releaseFile, setUp } from '../../test/deployer-fixture.js';
import { ReleaseWatcher } from './watch-releases.js';

const file = 'releases/word-counts.yaml';

/** A watcher on a deployed release; `woken` empties what was woken so far. */
async function watching(files: Record<string, string> = {}) {
  const fixture = await setUp({ [file]: releaseFile('one'), ...files });
  await fixture.deploy();
  const queue = new InMemoryPassQueue(fixture.clock);
  let passes: string[] = [];
  queue.work((release) => {
    passes.push(release);
    return Promise.resolve();
  });
  let gone = 0;
  const stopping = new AbortController();
  const { cluster, objects, clock, log } = fixture;
  const watcher = new ReleaseWatcher({
    ...{ objects, clock, log, management: cluster },
    clusters: new Map<string, Cluster>([['main', cluster]]),
    queues: new Map([['main', queue]]),
    onGone: () => (gone += 1),
  });
  const ended = watcher.watch(stopping.signal);
  const woken = async (): Promise<string[]> => {
    await clock.advance(0);
    await queue.idle();
    const found = [...new Set(passes)].sort();
    passes = [];
    return found;
  };
  await woken();
  const stop = async () => {
    stopping.abort();
    await ended;
  };
  return { ...fixture, woken, stop, gone: () => gone };
}

async function podOf(fixture: DeployerFixture): Promise<KubernetesObject> {
  const { metadata } = (await fixture.read('Deployment', 'word-counts', 'apps/v1')) ?? { metadata: { name: '' } };
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    name: `${metadata.name}-5d8f`,
    uid: 'rs',
    controller: true,
  };
  const labels = { 'pod-template-hash': '5d8f' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'word-counts-5d8f-1', namespace: 'default', labels, ownerReferences: [owner] },
  };
}

describe('a release is woken', () => {
  it('by a change of what git declares, and not by the status that its own pass wrote', async () => {
    const fixture = await watching();
    await fixture.commit(releaseFile('two'));
    expect(await fixture.woken()).toEqual([key]);
    await fixture.pass();
    await fixture.woken();
    const live = await fixture.object();
    if (live?.status) await fixture.objects.recordStatus(live, { ...live.status, message: 'another' });
    expect(await fixture.woken()).toEqual([]);
    await fixture.stop();
  });

  it('by its workloads and their pods, and not by those of others', async () => {
    const fixture = await watching();
    await fixture.makeReady();
    await fixture.woken();
    fixture.cluster.seed(await podOf(fixture));
    expect(await fixture.woken()).toEqual([key]);
    fixture.cluster.seed({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'stranger', namespace: 'default' } });
    expect(await fixture.woken()).toEqual([]);
    await fixture.cluster.delete({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      namespace: 'default',
      name: 'word-counts',
    });
    expect(await fixture.woken()).toEqual([key]);
    await fixture.stop();
  });

  it('by the release it depends on', async () => {
    const fixture = await watching({
      'releases/next.yaml': releaseFile('one', { name: 'next', spec: '  dependsOn: [{name: word-counts}]\n' }),
    });
    await fixture.woken();
    const live = await fixture.object();
    if (live?.status) await fixture.objects.recordStatus(live, { ...live.status, message: 'another' });
    expect(await fixture.woken()).toEqual(['default/next']);
    await fixture.stop();
  });

  it('once a minute, whatever was missed', async () => {
    const fixture = await watching();
    expect(await fixture.woken()).toEqual([]);
    await fixture.clock.advance(60_000);
    expect(await fixture.woken()).toEqual([key]);
    await fixture.stop();
  });
});

it('asks git again when an object is gone', async () => {
  const fixture = await watching();
  await fixture.cluster.delete({
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    namespace: 'default',
    name: 'word-counts',
  });
  await fixture.pass();
  expect(fixture.gone()).toBe(1);
  await fixture.stop();
});
