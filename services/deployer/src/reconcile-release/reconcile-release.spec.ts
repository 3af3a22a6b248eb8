import { ClusterError } from '@shipit/clusters';
import { describe, expect, it } from 'vitest';
import { eventOfType, key, releaseFile, setUp } from '../../test/deployer-fixture.js';

const file = 'releases/word-counts.yaml';

describe('a release that is new in git', () => {
  it('is installed, is Deploying while it comes up, and Deployed when all of it is current', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'Deploying',
      revision: 1,
      images: ['registry.example/word-counts:one'],
    });
    expect(await fixture.records()).toEqual(['v1 pending-install']);

    await fixture.makeReady();
    await fixture.pass();
    const status = await fixture.status();
    expect(status).toMatchObject({
      state: 'Deployed',
      revision: 1,
      commit: fixture.git.tip,
      chart: { name: 'web', version: '1.0.0' },
      lastGood: { revision: 1, commit: fixture.git.tip },
      history: [{ revision: 1, state: 'Deployed', images: ['registry.example/word-counts:one'] }],
    });
    expect(conditions(status)).toMatchObject({ Ready: 'True', Healthy: 'True', Released: 'True' });
    expect(conditions(status)).not.toHaveProperty('Reconciling');
    expect(await fixture.records()).toEqual(['v1 deployed']);
    expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
    expect(eventOfType(fixture, 'release.deployed').data).toMatchObject({
      release: key,
      squad: 'velocity',
      cluster: 'main',
      revision: 1,
    });
  });

  it('is left exactly as it is by every further pass', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const before = JSON.stringify(await fixture.cluster.list({ apiVersion: 'v1', kind: 'Secret' }));
    const object = await fixture.object();
    await fixture.clock.advance(60_000);
    await fixture.pass();
    await fixture.sync.run();
    await fixture.pass();
    expect(await fixture.object()).toEqual(object);
    expect(JSON.stringify(await fixture.cluster.list({ apiVersion: 'v1', kind: 'Secret' }))).toBe(before);
    expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
  });

  it('is not begun where one of its objects is refused, and says which and why', async () => {
    const fixture = await setUp({
      [file]: releaseFile('one'),
      'charts/web/templates/bad.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: Not_Allowed}\n',
    });
    await fixture.sync.run();
    await fixture.pass();
    const status = await fixture.status();
    expect(status).toMatchObject({
      state: 'Failed',
      reason: 'DryRunFailed',
      commit: fixture.git.tip,
      history: [{ revision: 1, state: 'Failed' }],
    });
    expect(status.message).toContain('Not_Allowed');
    expect(conditions(status)).toMatchObject({ Ready: 'False', Stalled: 'True', Released: 'False' });
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeUndefined();
    expect(await fixture.records()).toEqual([]);
    await fixture.pass();
    expect(fixture.told()).toEqual(['release.failed']);
  });

  it('is refused where an object belongs to another release', async () => {
    const fixture = await setUp({ [file]: releaseFile('one', { values: ', config: mine' }) });
    const annotations = { 'meta.helm.sh/release-name': 'other', 'meta.helm.sh/release-namespace': 'default' };
    fixture.cluster.seed({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'word-counts-config', namespace: 'default', annotations },
    });
    await fixture.sync.run();
    await fixture.pass();
    expect((await fixture.status()).message).toContain(
      'ConfigMap default/word-counts-config belongs to release default/other',
    );
  });

  it('is refused where fields belong to somebody else, named by owner and field', async () => {
    const fixture = await setUp({ [file]: releaseFile('one', { values: ', config: mine' }) });
    const other = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'word-counts-config', namespace: 'default' },
      data: { text: 'theirs' },
    };
    await fixture.cluster.apply(other, { fieldManager: 'config-operator' });
    await fixture.sync.run();
    await fixture.pass();
    expect((await fixture.status()).message).toMatch(/data\.text belongs to config-operator/);
  });

  it('is refused where an older release is installed under the same name', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    await fixture.git.push({
      'releases/twin.yaml': releaseFile('one', { name: 'twin', spec: '  releaseName: word-counts\n' }),
    });
    await fixture.sync.run();
    await fixture.pass('default/twin');
    expect(await fixture.status('default/twin')).toMatchObject({ state: 'Failed', reason: 'ReleaseExists' });
  });

  it('takes nothing of another release whose name in Helm it copied, and takes its place once that is gone', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const twin = releaseFile('one', { spec: '  releaseName: word-counts\n' }).replace(
      'name: word-counts',
      'name: twin',
    );
    const sync = async (files: Record<string, string | null>) => {
      await fixture.clock.advance(1000);
      await fixture.git.push(files);
      await fixture.sync.run();
    };
    await sync({ 'releases/twin.yaml': twin });
    await fixture.pass('default/twin');
    expect(await fixture.status('default/twin')).toMatchObject({ state: 'Failed', reason: 'ReleaseExists' });

    await sync({ 'releases/twin.yaml': null });
    await fixture.pass('default/twin');
    expect(await fixture.object('default/twin')).toBeUndefined();
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeDefined();
    expect(await fixture.records()).toEqual(['v1 deployed']);

    await sync({ [file]: null, 'releases/twin.yaml': twin });
    await fixture.pass('default/twin');
    await fixture.pass();
    expect(await fixture.object()).toBeUndefined();
    await fixture.pass('default/twin');
    expect(await fixture.status('default/twin')).toMatchObject({ state: 'Deploying', revision: 1 });
  });

  it('says so where it names a cluster that is not configured, and can be removed again', async () => {
    const fixture = await setUp({ [file]: releaseFile('one', { spec: '  cluster: nowhere\n' }) });
    await fixture.sync.run();
    await fixture.pass();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', reason: 'UnknownCluster' });
    expect(fixture.told()).toEqual(['release.failed']);
    await fixture.commit(null);
    await fixture.pass();
    expect(await fixture.object()).toBeUndefined();
  });

  it('is refused where it is to act as a service account and the cluster cannot', async () => {
    const fixture = await setUp({ [file]: releaseFile('one', { spec: '  serviceAccountName: limited\n' }) });
    await fixture.sync.run();
    await fixture.pass();
    expect((await fixture.status()).message).toContain('cannot act as a service account');
    expect(await fixture.records()).toEqual([]);
  });

  it('waits for the releases it depends on', async () => {
    const fixture = await setUp({
      [file]: releaseFile('one', { spec: '  dependsOn: [{name: base}]\n' }),
      'releases/base.yaml': releaseFile('one', { name: 'base' }),
    });
    await fixture.sync.run();
    expect(await fixture.pass()).toBeInstanceOf(Date);
    expect(await fixture.status()).toMatchObject({
      state: 'Pending',
      reason: 'DependencyNotReady',
      message: 'Waits for default/base',
    });
    await fixture.deploy('default/base');
    await fixture.deploy();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed' });
  });

  it('takes values from a Secret below its own', async () => {
    const fixture = await setUp({
      [file]: releaseFile('one', { spec: '  valuesFrom: [{kind: Secret, name: more}]\n' }),
    });
    await fixture.sync.run();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', reason: 'ValuesNotFound' });
    const data = { 'values.yaml': Buffer.from('config: secret text\nimage: {tag: not-this}').toString('base64') };
    fixture.cluster.seed({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'more', namespace: 'default' }, data });
    await fixture.pass();
    expect(await fixture.read('ConfigMap', 'word-counts-config')).toMatchObject({ data: { text: 'secret text' } });
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', images: ['registry.example/word-counts:one'] });
  });
});

describe('a new commit', () => {
  it('upgrades the release, takes away what left the chart, and keeps what may not go', async () => {
    const keep =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\n';
    const claim =
      'apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: claim}\nspec: {accessModes: [ReadWriteOnce]}\n';
    const fixture = await setUp({
      [file]: releaseFile('one', { values: ', config: text' }),
      'charts/web/templates/keep.yaml': `{{- if .Values.config }}\n${keep}---\n${claim}{{- end }}\n`,
    });
    await fixture.deploy();
    const claimRef = await fixture.read('PersistentVolumeClaim', 'claim');
    // A claim is only current when it is bound.
    expect(claimRef).toBeDefined();
    await fixture.commit(releaseFile('two'));
    await fixture.pass();
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2 });
    expect(await fixture.read('ConfigMap', 'word-counts-config')).toBeUndefined();
    expect(await fixture.read('ConfigMap', 'kept')).toBeDefined();
    expect(await fixture.read('PersistentVolumeClaim', 'claim')).toBeDefined();
  });

  it('takes the place of one that is still coming up, at once', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.pass();
    await fixture.commit(releaseFile('two'));
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'Deploying',
      revision: 2,
      images: ['registry.example/word-counts:two'],
    });
    expect(await fixture.records()).toEqual(['v1 failed', 'v2 pending-upgrade']);
    await fixture.makeReady();
    await fixture.pass();
    const { state, history } = await fixture.status();
    expect(state).toBe('Deployed');
    expect(history.map(({ revision, reason }) => [revision, reason])).toEqual([
      [2, 'Ready'],
      [1, 'Overtaken'],
    ]);
    expect(fixture.told()).not.toContain('release.failed');
  });

  it('that changes nothing that runs deploys nothing, and is what the release is judged by', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const commit = await fixture.commit(releaseFile('one', { spec: '  rollback: {watch: 1m}\n' }));
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({
      state: 'Deployed',
      revision: 1,
      commit,
      lastGood: { revision: 1, commit },
    });
    expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
  });

  it('keeps as many records as the release asks for', async () => {
    const fixture = await setUp({ [file]: releaseFile('v1', { spec: '  maxHistory: 2\n' }) });
    await fixture.deploy();
    for (const tag of ['v2', 'v3']) {
      await fixture.git.push({ [file]: releaseFile(tag, { spec: '  maxHistory: 2\n' }) });
      await fixture.deploy();
    }
    expect(await fixture.records()).toEqual(['v2 superseded', 'v3 deployed']);
    expect((await fixture.status()).history.map(({ revision }) => revision)).toEqual([3, 2, 1]);
  });

  it('does nothing to a release that is suspended, which says so', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    await fixture.commit(releaseFile('two', { spec: '  suspend: true\n' }));
    await fixture.pass();
    expect(conditions(await fixture.status())).toMatchObject({ Suspended: 'True' });
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1 });
    await fixture.commit(releaseFile('two'));
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', revision: 2 });
    expect(conditions(await fixture.status())).not.toHaveProperty('Suspended');
  });
});

describe('two passes at once', () => {
  it('begin one revision only', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.sync.run();
    await Promise.all([fixture.pass(), fixture.pass(), fixture.pass()]);
    await fixture.pass();
    expect(await fixture.records()).toEqual(['v1 pending-install']);
    await fixture.makeReady();
    await Promise.all([fixture.pass(), fixture.pass()]);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1 });
    expect(fixture.told().filter((type) => type === 'release.deployed')).toHaveLength(1);
  });

  it('stop where somebody else began a newer revision', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.sync.run();
    await fixture.pass();
    const labels = { owner: 'helm', name: 'word-counts', version: '2', status: 'pending-upgrade' };
    const metadata = { namespace: 'default', name: 'sh.helm.release.v1.word-counts.v2', labels };
    const own = await fixture.read('Secret', 'sh.helm.release.v1.word-counts.v1');
    fixture.cluster.seed({ apiVersion: 'v1', kind: 'Secret', metadata, data: own?.['data'] });
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Pending', reason: 'HelmAtWork' });
  });
});

it('waits where the cluster does not answer, says so, and goes on', async () => {
  const fixture = await setUp({ [file]: releaseFile('one') });
  await fixture.sync.run();
  fixture.cluster.failWith(new ClusterError('TooManyRequests', 'too many', { retryAfterSeconds: 20 }));
  const again = await fixture.pass();
  expect(again?.getTime()).toBe(fixture.clock.now().getTime() + 20_000);
  fixture.cluster.failWith(undefined);
  await fixture.pass();
  expect(await fixture.status()).toMatchObject({ state: 'Deploying' });
});

function conditions(status: { conditions: { type: string; status: string }[] }): Record<string, string> {
  return Object.fromEntries(status.conditions.map(({ type, status: value }) => [type, value]));
}
