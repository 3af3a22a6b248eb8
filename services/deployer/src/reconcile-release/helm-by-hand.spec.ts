import { chartOf, InMemoryChartSource } from '@shipit/charts/testing';
import { describe, expect, it } from 'vitest';
import { type DeployerFixture, key, releaseFile, setUp } from '../../test/deployer-fixture.js';
import { createReconciler } from './create-reconciler.js';

const file = 'releases/word-counts.yaml';
const nameOf = (version: number) => `sh.helm.release.v1.word-counts.v${version}`;

/** What Helm does to a record: it writes the Secret anew, without annotations of others. */
async function markByHelm(fixture: DeployerFixture, version: number, status: string, at: Date): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: nameOf(version) };
  const modifiedAt = String(Math.floor(at.getTime() / 1000));
  await fixture.cluster.mergePatch(ref, {
    metadata: { annotations: { 'shipit.dev/progress': null }, labels: { status, modifiedAt } },
  });
}

describe('a release that somebody uninstalls with Helm', () => {
  it('is left alone while Helm is at work, and installed again when it is gone, as git says', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    await markByHelm(fixture, 1, 'uninstalling', fixture.clock.now());
    expect(await fixture.pass()).toBeInstanceOf(Date);
    expect(await fixture.status()).toMatchObject({ state: 'Pending', reason: 'HelmAtWork' });

    const gone = { namespace: 'default', name: 'word-counts' };
    await fixture.cluster.delete({ apiVersion: 'apps/v1', kind: 'Deployment', ...gone });
    await fixture.cluster.delete({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: nameOf(1) });
    await fixture.pass();
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1 });
    expect(await fixture.records()).toEqual(['v1 deployed']);
  });

  it('and whose records are kept goes on with the next number', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    await markByHelm(fixture, 1, 'uninstalled', fixture.clock.now());
    await fixture.deploy();
    expect(await fixture.records()).toEqual(['v1 uninstalled', 'v2 deployed']);
  });

  it('is taken up again where Helm was killed at it', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    await markByHelm(fixture, 1, 'uninstalling', fixture.clock.now());
    await fixture.clock.advance(6 * 60_000);
    await fixture.deploy();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2 });
  });

  it('and whose objects are still going waits for them, then makes them anew', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'word-counts' };
    await fixture.cluster.mergePatch(ref, { metadata: { finalizers: ['example.com/slow'] } });
    await fixture.cluster.delete(ref);
    await fixture.cluster.delete({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: nameOf(1) });
    expect(await fixture.pass()).toBeInstanceOf(Date);
    expect(await fixture.status()).toMatchObject({ state: 'Deploying' });
    expect((await fixture.status()).message).toContain('is being deleted and will be made anew');
    await fixture.cluster.mergePatch(ref, { metadata: { finalizers: null } });
    await fixture.deploy();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1 });
    expect((await fixture.cluster.read(ref))?.metadata.deletionTimestamp).toBeUndefined();
  });

  it('and whose objects never go fails when its time is over', async () => {
    const fixture = await setUp({ [file]: releaseFile('one') });
    await fixture.deploy();
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'word-counts' };
    await fixture.cluster.mergePatch(ref, { metadata: { finalizers: ['example.com/never'] } });
    await fixture.cluster.delete(ref);
    await fixture.commit(releaseFile('two'));
    await fixture.pass();
    await fixture.clock.advance(5 * 60_000);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', reason: 'ApplyFailed' });
  });
});

it('a release that Helm noted something on, as it does after tests, is still what Ship-it deployed', async () => {
  const fixture = await setUp({ [file]: releaseFile('one') });
  await fixture.deploy();
  const before = await fixture.object();
  await markByHelm(fixture, 1, 'deployed', fixture.clock.now());
  await fixture.pass();
  expect(await fixture.records()).toEqual(['v1 deployed']);
  expect((await fixture.object())?.status).toEqual(before?.status);
  await fixture.commit(releaseFile('two'));
  await markByHelm(fixture, 1, 'deployed', fixture.clock.now());
  await fixture.deploy();
  expect(await fixture.records()).toEqual(['v1 superseded', 'v2 deployed']);
});

it('a release that Helm made anew under the same number is not what Ship-it deployed', async () => {
  const fixture = await setUp({ [file]: releaseFile('one') });
  await fixture.deploy();
  await markByHelm(fixture, 1, 'deployed', fixture.clock.now());
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: nameOf(1) };
  await fixture.cluster.mergePatch(ref, { metadata: { labels: { 'shipit.dev/revision': null } } });
  await fixture.deploy();
  expect(await fixture.records()).toEqual(['v1 superseded', 'v2 deployed']);
});

describe('records', () => {
  it('that nobody can read do not keep a release from being deployed, which tells what may be left behind', async () => {
    const { fixture, pass } = await deployPastDamagedRecord();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2 });
    const left = { type: 'Pruned', status: 'False', reason: 'RecordUnreadable' };
    expect((await fixture.status()).conditions).toContainEqual(expect.objectContaining(left));
    expect(fixture.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', fields: { release: key, revision: 1 } }),
    );
    expect(await fixture.read('ConfigMap', 'word-counts-config')).toBeDefined();
    await fixture.commit(releaseFile('three'));
    await pass();
    await fixture.makeReady();
    await pass();
    expect((await fixture.status()).conditions).toContainEqual(expect.objectContaining(left));
  });

  it('that can be read again are pruned with the next revision', async () => {
    const { fixture, pass, restore } = await deployPastDamagedRecord();
    await restore();
    await fixture.commit(releaseFile('three'));
    await pass();
    await fixture.makeReady();
    await pass();
    expect(await fixture.read('ConfigMap', 'word-counts-config')).toBeUndefined();
    expect((await fixture.status()).conditions.map(({ type }) => type)).not.toContain('Pruned');
  });

  it('that nobody can read stop an uninstall before it takes anything away, which tells what to do', async () => {
    const { fixture, pass, restore } = await deployPastDamagedRecord();
    await fixture.commit(null);
    expect(await pass()).toBeInstanceOf(Date);
    const status = await fixture.status();
    expect(status).toMatchObject({ state: 'Deleting', reason: 'RecordUnreadable' });
    expect(status.message).toContain('Revision 1 cannot be read');
    expect(status.message).toContain(`Secret default/${nameOf(1)}`);
    expect(await fixture.records()).toEqual(['v1 deployed', 'v2 deployed']);
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeDefined();
    await restore();
    await pass();
    expect(await fixture.object()).toBeUndefined();
    expect(await fixture.records()).toEqual([]);
    expect(await fixture.read('ConfigMap', 'word-counts-config')).toBeUndefined();
  });

  it('that nobody can read and somebody deleted stop nothing any more', async () => {
    const { fixture, pass } = await deployPastDamagedRecord();
    await fixture.commit(null);
    await pass();
    await fixture.cluster.delete({ apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: nameOf(1) });
    await pass();
    expect(await fixture.object()).toBeUndefined();
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeUndefined();
  });

  it('too large for a Secret are refused before anything is made, also the namespace', async () => {
    const noise = Array.from({ length: 1_500_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
    const fixture = await setUp({
      [file]: releaseFile('one', { spec: '  createNamespace: true\n  targetNamespace: fresh\n' }),
      'charts/web/files/noise.txt': noise,
    });
    await fixture.sync.run();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', reason: 'RecordTooLarge' });
    expect(await fixture.cluster.read({ apiVersion: 'v1', kind: 'Namespace', name: 'fresh' })).toBeUndefined();
  });
});

it('a chart with definitions is applied with the values that it was begun with, also by another process', async () => {
  const fixture = await setUp({
    [file]: releaseFile('one', { spec: '  valuesFrom: [{kind: Secret, name: more}]\n' }),
    'charts/web/templates/needy.yaml': '# {{ required "needed is needed" .Values.needed }}\n',
    'charts/web/crds/bells.yaml': `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: bells.example.com}
spec:
  group: example.com
  names: {kind: Bell, plural: bells}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}]
`,
  });
  const data = { 'values.yaml': Buffer.from('needed: yes').toString('base64') };
  fixture.cluster.seed({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'more', namespace: 'default' }, data });
  await fixture.sync.run();
  const begunOnly = new AbortController();
  const create = fixture.cluster.create.bind(fixture.cluster);
  fixture.cluster.create = async (object) => {
    const created = await create(object);
    begunOnly.abort();
    return created;
  };
  await createReconciler(fixture.ports).reconcile(key, begunOnly.signal);
  expect(await fixture.records()).toEqual(['v1 pending-install']);
  await fixture.pass();
  expect(await fixture.cluster.scopeOf('example.com/v1', 'Bell')).toBe('Namespaced');
  await fixture.makeReady();
  await fixture.pass();
  expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1 });
});

it('a chart that was published anew under its version comes with the next change, once, and is told by its digest', async () => {
  const source = new InMemoryChartSource();
  const repository = 'https://charts.example';
  const publish = async (text: string) => {
    const map = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: published}\ndata: {text: ${text}}\n`;
    const chart = await chartOf({ 'templates/map.yaml': map });
    source.add(repository, chart);
    return chart.digest;
  };
  const release = (tag: string) =>
    releaseFile(tag).replace('./charts, name: web', `${repository}, name: web, version: 1.2.3`);
  const fixture = await setUp({ [file]: release('one') });
  const reconciler = createReconciler({ ...fixture.ports, chooseSource: () => source });
  const pass = () => reconciler.reconcile(key, new AbortController().signal);
  const text = async () => (await fixture.read('ConfigMap', 'published'))?.['data'];

  const first = await publish('first');
  await fixture.sync.run();
  await pass();
  expect(await fixture.status()).toMatchObject({ state: 'Deployed', chart: { digest: first } });
  const second = await publish('second');
  await pass();
  expect(await text()).toEqual({ text: 'first' });

  await fixture.commit(release('two'));
  await pass();
  await pass();
  expect(await text()).toEqual({ text: 'second' });
  expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2, chart: { digest: second } });
  expect(await fixture.records()).toEqual(['v1 superseded', 'v2 deployed']);
});

/** Revision 1 brought a ConfigMap that revision 2 has not, and its record was damaged in between. */
async function deployPastDamagedRecord() {
  const fixture = await setUp({ [file]: releaseFile('one', { values: ', config: text' }) });
  await fixture.deploy();
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'default', name: nameOf(1) };
  const whole = (await fixture.cluster.read(ref))?.['data'];
  await fixture.cluster.mergePatch(ref, { data: { release: Buffer.from('damaged').toString('base64') } });
  const restarted = createReconciler(fixture.ports);
  const pass = () => restarted.reconcile(key, new AbortController().signal);
  await fixture.commit(releaseFile('two'));
  await pass();
  await fixture.makeReady();
  await pass();
  return { fixture, pass, restore: () => fixture.cluster.mergePatch(ref, { data: whole }) };
}
