import { describe, expect, it } from 'vitest';
import { type DeployerFixture, eventOfType, releaseFile, setStatus, setUp } from '../../test/deployer-fixture.js';

const file = 'releases/word-counts.yaml';

/** Pods of the Deployment's newest replica set, in a state. */
async function seedPods(fixture: DeployerFixture, image: string, status: object): Promise<void> {
  const deployment = await fixture.read('Deployment', 'word-counts', 'apps/v1');
  const uid = `rs-${image}`;
  const labels = { app: 'word-counts', 'pod-template-hash': image };
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    name: 'word-counts',
    uid: deployment?.metadata.uid ?? '',
    controller: true,
  };
  const revision = { 'deployment.kubernetes.io/revision': String(deployment?.metadata.generation ?? 1) };
  fixture.cluster.seed(
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `word-counts-${image}`,
        namespace: 'default',
        uid,
        labels,
        annotations: revision,
        ownerReferences: [owner],
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `word-counts-${image}-1`,
        namespace: 'default',
        labels,
        creationTimestamp: fixture.clock.now().toISOString(),
        ownerReferences: [
          { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `word-counts-${image}`, uid, controller: true },
        ],
      },
      spec: { containers: [{ name: 'main', image: `registry.example/word-counts:${image}` }] },
      status,
    },
  );
  if (deployment) {
    const { generation = 1 } = deployment.metadata;
    const old = (deployment.status as { readyReplicas?: number } | undefined)?.readyReplicas ?? 0;
    await setStatus(fixture.cluster, deployment, {
      observedGeneration: generation,
      replicas: old + 1,
      updatedReplicas: 1,
      unavailableReplicas: 1,
    });
  }
}

const waiting = (reason: string, message: string) => ({
  phase: 'Pending',
  containerStatuses: [{ name: 'main', ready: false, restartCount: 0, state: { waiting: { reason, message } } }],
});
const notFound = waiting('ImagePullBackOff', 'Back-off pulling image: manifest unknown: not found');

async function failed(): Promise<DeployerFixture> {
  const fixture = await setUp({ [file]: releaseFile('one') });
  await fixture.deploy();
  await fixture.commit(releaseFile('bad'), 'Deploy bad');
  await fixture.pass();
  await seedPods(fixture, 'bad', notFound);
  await fixture.clock.advance(20_000);
  await fixture.pass();
  return fixture;
}

describe('a rollout that cannot come up', () => {
  it('is Failed early where the image is not found, with the cause', async () => {
    const fixture = await failed();
    const good = (await fixture.status()).lastGood;
    expect(await fixture.status()).toMatchObject({
      state: 'Failed',
      reason: 'ImageNotFound',
      revision: 2,
      commit: fixture.git.tip,
    });
    expect(good?.revision).toBe(1);
    expect(good?.commit).not.toBe(fixture.git.tip);
    expect(eventOfType(fixture, 'release.failed').data).toMatchObject({
      reason: 'ImageNotFound',
      cause: { kind: 'release', object: 'Deployment/word-counts', imageAtFault: true },
    });
    expect(await fixture.records()).toEqual(['v1 deployed', 'v2 failed']);
    await fixture.pass();
    expect(fixture.told().filter((type) => type === 'release.failed')).toHaveLength(1);
  });

  it('is Failed at its deadline and not before, however slowly it starts', async () => {
    const fixture = await setUp({ [file]: releaseFile('one', { spec: '  timeout: 1m\n' }) });
    await fixture.sync.run();
    await fixture.pass();
    await seedPods(fixture, 'one', {
      phase: 'Running',
      containerStatuses: [{ name: 'main', ready: false, restartCount: 1, state: { running: {} } }],
    });
    await fixture.clock.advance(59_000);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying' });
    await fixture.clock.advance(1_000);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', reason: 'DeadlineExceeded' });
  });

  it('is Deployed where a pull error heals in time', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.pass();
    await seedPods(fixture, 'one', waiting('ErrImagePull', 'registry unavailable'));
    await fixture.clock.advance(60_000);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying' });
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed' });
  });

  it('is tried again at once by a newer commit', async () => {
    const fixture = await failed();
    await fixture.commit(releaseFile('good'));
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', revision: 3 });
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', lastGood: { revision: 3 } });
    expect(await fixture.records()).toEqual(['v1 superseded', 'v2 failed', 'v3 deployed']);
  });
});

describe('a rollback', () => {
  it('by a commit of Ship-it is RollingBack, then RolledBack, with its cause until the next deployment', async () => {
    const fixture = await failed();
    const bad = fixture.git.tip;
    const good = (await fixture.status()).lastGood?.commit ?? '';
    const message = `Roll back word-counts\n\nRollback: default/word-counts of=${bad} to=${good} id=${'b'.repeat(32)}\nRollback-Cause: ImageNotFound\nActor: Ship-it`;
    await fixture.commit(releaseFile('one'), message);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'RollingBack', revision: 3 });
    expect(await fixture.records()).toEqual(['v1 deployed', 'v2 failed', 'v3 pending-rollback']);
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'RolledBack',
      lastGood: { revision: 3, commit: fixture.git.tip },
      history: [{ state: 'RolledBack' }, { state: 'Failed' }, { state: 'Deployed' }],
    });
    expect(fixture.told().slice(-3)).toEqual(['release.failed', 'release.rolling-back', 'release.rolled-back']);

    await fixture.commit(releaseFile('next'));
    await fixture.pass();
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 4 });
  });

  it('of what was refused before it was applied needs no new revision', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const good = fixture.git.tip;
    await fixture.git.push({ [file]: releaseFile('two', { spec: '  valuesFrom: [{kind: Secret, name: absent}]\n' }) });
    await fixture.sync.run();
    await fixture.pass();
    const bad = fixture.git.tip;
    expect(await fixture.status()).toMatchObject({
      state: 'Failed',
      reason: 'ValuesNotFound',
      revision: 1,
      lastGood: { commit: good },
    });
    await fixture.commit(
      releaseFile('one'),
      `Roll back\n\nRollback: default/word-counts of=${bad} to=${good} id=${'b'.repeat(32)}\nActor: Ship-it`,
    );
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'RolledBack', revision: 1 });
    expect(await fixture.records()).toEqual(['v1 deployed']);
  });
});

it('reports a deployed release that is not healthy later, and does not fail it', async () => {
  const fixture = await setUp({ [file]: releaseFile('one') });
  await fixture.deploy();
  const live = await fixture.read('Deployment', 'word-counts', 'apps/v1');
  if (live) await setStatus(fixture.cluster, live, { readyReplicas: 0, availableReplicas: 0 });
  await fixture.pass();
  const { state, conditions } = await fixture.status();
  expect(state).toBe('Deployed');
  expect(conditions.find(({ type }) => type === 'Healthy')).toMatchObject({ status: 'False' });
  expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
});
