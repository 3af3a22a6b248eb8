import { ReleaseRecords } from '@shipit/charts';
import { describe, expect, it } from 'vitest';
import { hookTemplate, releaseFile, setUp } from '../../test/deployer-fixture.js';

const file = 'releases/word-counts.yaml';
const policy = (text: string) => `    helm.sh/hook-delete-policy: ${text}\n`;
const weight = (text: string) => `    helm.sh/hook-weight: "${text}"\n`;

function withHooks(hooks: Record<string, string>, spec = '') {
  const templates = Object.entries(hooks).map(([name, text]) => [`charts/web/templates/${name}.yaml`, text]);
  return setUp({ [file]: releaseFile('one', { spec }), ...(Object.fromEntries(templates) as Record<string, string>) });
}

const jobs = async ({ cluster }: Awaited<ReturnType<typeof setUp>>) =>
  (await cluster.list({ apiVersion: 'batch/v1', kind: 'Job' })).map(({ metadata }) => metadata.name).sort();

/** As Helm would read them. */
async function lastRuns({ cluster, ports }: Awaited<ReturnType<typeof setUp>>) {
  const records = new ReleaseRecords(cluster, ports.engine);
  const [newest] = await records.list('default', 'word-counts');
  if (!newest) throw new Error('There is no release record');
  const { hooks } = await records.read(newest);
  return Object.fromEntries(hooks.map(({ name, lastRun }) => [name, lastRun]));
}

describe('hooks', () => {
  it('run one after the other by weight, before anything else is applied and after all of it is current', async () => {
    const fixture = await withHooks({
      late: hookTemplate('late', 'pre-install', weight('5')),
      early: hookTemplate('early', 'pre-install', weight('-5')),
      after: hookTemplate('after', 'post-install'),
    });
    await fixture.sync.run();
    await fixture.pass();
    expect(await jobs(fixture)).toEqual(['early']);
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', reason: 'RunningHooks' });
    await fixture.pass();
    expect(await jobs(fixture)).toEqual(['early']);
    await fixture.finishJob('early');
    await fixture.pass();
    expect(await jobs(fixture)).toEqual(['early', 'late']);
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeUndefined();
    await fixture.finishJob('late');
    await fixture.pass();
    expect(await jobs(fixture)).toEqual(['early', 'late']);
    await fixture.makeReady();
    await fixture.pass();
    expect(await jobs(fixture)).toEqual(['after', 'early', 'late']);
    expect(await fixture.status()).toMatchObject({ state: 'Deploying' });
    await fixture.finishJob('after');
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed' });
  });

  it('stand in the release record with when they ran and how it went, for helm status', async () => {
    const fixture = await withHooks({
      first: hookTemplate('first', 'pre-install', weight('1') + policy('hook-succeeded')),
      second: hookTemplate('second', 'pre-install', weight('2')),
      after: hookTemplate('after', 'post-install'),
    });
    await fixture.sync.run();
    await fixture.pass();
    await fixture.clock.advance(4_000);
    await fixture.finishJob('first');
    await fixture.pass();
    await fixture.clock.advance(3_000);
    await fixture.finishJob('second', 'Failed');
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', revision: 1 });
    expect(await lastRuns(fixture)).toEqual({
      first: { startedAt: '2026-01-01T12:00:00Z', completedAt: '2026-01-01T12:00:04Z', phase: 'Succeeded' },
      second: { startedAt: '2026-01-01T12:00:04Z', completedAt: '2026-01-01T12:00:07Z', phase: 'Failed' },
      after: undefined,
    });
  });

  it('make way for their next run, and are deleted as their policy says', async () => {
    const events = 'pre-install,pre-upgrade';
    const fixture = await withHooks({
      stays: hookTemplate('stays', events, weight('1')),
      goes: hookTemplate('goes', events, weight('2') + policy('before-hook-creation,hook-succeeded')),
    });
    const runBoth = async () => {
      await fixture.pass();
      await fixture.finishJob('stays');
      await fixture.pass();
      await fixture.finishJob('goes');
      await fixture.pass();
    };
    await fixture.sync.run();
    await runBoth();
    expect(await jobs(fixture)).toEqual(['stays']);
    const first = (await fixture.read('Job', 'stays', 'batch/v1'))?.metadata.uid;
    await fixture.makeReady();
    await fixture.pass();
    await fixture.commit(releaseFile('two'));
    await fixture.pass();
    await runBoth();
    expect((await fixture.read('Job', 'stays', 'batch/v1'))?.metadata.uid).not.toBe(first);
    await fixture.makeReady();
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 2 });
  });

  it('that fail, fail the release before anything of it is applied', async () => {
    const fixture = await withHooks({ check: hookTemplate('check', 'pre-install', policy('hook-failed')) });
    await fixture.sync.run();
    await fixture.pass();
    await fixture.finishJob('check', 'Failed');
    await fixture.pass();
    const status = await fixture.status();
    expect(status).toMatchObject({ state: 'Failed', revision: 1 });
    expect(status.message).toContain('Hook Job/check');
    expect(await jobs(fixture)).toEqual([]);
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeUndefined();
    expect(await fixture.records()).toEqual(['v1 failed']);
  });

  it('that do not end within the timeout, fail it too', async () => {
    const fixture = await withHooks({ check: hookTemplate('check', 'pre-install') }, '  timeout: 30s\n');
    await fixture.sync.run();
    await fixture.pass();
    await fixture.clock.advance(30_000);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Failed', reason: 'HookTimedOut' });
  });

  it('are not pre-empted by a newer commit, which follows when they have ended', async () => {
    const fixture = await withHooks({ check: hookTemplate('check', 'pre-install') });
    await fixture.sync.run();
    await fixture.pass();
    await fixture.commit(releaseFile('two'));
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', revision: 1 });
    await fixture.finishJob('check');
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deploying', revision: 2 });
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toMatchObject({
      spec: { template: { spec: { containers: [{ image: 'registry.example/word-counts:two' }] } } },
    });
  });
});

describe('a release that is gone from git', () => {
  it('is uninstalled after its hooks, with its records, and then let go', async () => {
    const fixture = await withHooks({
      before: hookTemplate('before', 'pre-delete'),
      after: hookTemplate('after', 'post-delete', policy('hook-succeeded')),
      kept: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: kept, annotations: {helm.sh/resource-policy: keep}}\n',
    });
    await fixture.deploy();
    await fixture.commit(null);
    await fixture.pass();
    expect(await fixture.status()).toMatchObject({ state: 'Deleting' });
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeDefined();
    await fixture.finishJob('before');
    await fixture.pass();
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeUndefined();
    expect(await fixture.read('ConfigMap', 'kept')).toBeDefined();
    expect(await fixture.object()).toBeDefined();
    await fixture.finishJob('after');
    await fixture.pass();
    expect(await fixture.object()).toBeUndefined();
    expect(await fixture.records()).toEqual([]);
    expect(fixture.told().slice(-2)).toEqual(['release.deleting', 'release.deleted']);
  });

  it('leaves what it ran where its deletion policy is orphan', async () => {
    const fixture = await withHooks({}, '  deletionPolicy: orphan\n');
    await fixture.deploy();
    await fixture.commit(null);
    await fixture.pass();
    expect(await fixture.object()).toBeUndefined();
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeDefined();
    expect(await fixture.records()).toEqual(['v1 deployed']);
  });

  it('leaves an object that another release has taken over', async () => {
    const fixture = await withHooks({});
    await fixture.deploy();
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'word-counts' };
    await fixture.cluster.mergePatch(ref, { metadata: { annotations: { 'meta.helm.sh/release-name': 'other' } } });
    await fixture.commit(null);
    await fixture.pass();
    expect(await fixture.object()).toBeUndefined();
    expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toBeDefined();
  });
});

it('lets an object go that was deleted by hand, uninstalls nothing, and takes what runs over when it comes back', async () => {
  const fixture = await withHooks({});
  await fixture.deploy();
  const before = await fixture.read('Deployment', 'word-counts', 'apps/v1');
  await fixture.cluster.delete({
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    namespace: 'default',
    name: 'word-counts',
  });
  await fixture.pass();
  expect(await fixture.object()).toBeUndefined();
  await fixture.sync.run();
  await fixture.pass();
  expect(await fixture.status()).toMatchObject({ state: 'Deployed', revision: 1, lastGood: { revision: 1 } });
  expect(await fixture.read('Deployment', 'word-counts', 'apps/v1')).toEqual(before);
  expect(fixture.told()).toEqual(['release.deploying', 'release.deployed']);
});
