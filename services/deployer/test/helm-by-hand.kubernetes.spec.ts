import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { HelmEngine } from '@shipit/charts';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { chartFiles, hookTemplate, releaseFile } from './deployer-fixture.js';
import { type DeployerOnCluster, setUpOn } from './deployer-on-cluster.js';
import helm3 from './helm-3-records.json' with { type: 'json' };

const kubeconfig = process.env['SHIPIT_TEST_KUBECONFIG'] ?? '';
const path = 'releases/word-counts.yaml';
const hook = hookTemplate('prepare', 'post-upgrade', '    helm.sh/hook-delete-policy: hook-succeeded\n');
const withoutFolder = Object.fromEntries(
  Object.entries(chartFiles).map(([name, text]) => [name.replace('charts/web/', ''), text]),
);

describe.skipIf(kubeconfig === '')('the real Helm beside Ship-it (skipped without SHIPIT_TEST_KUBECONFIG)', () => {
  const engine = new HelmEngine({ workers: 1 });
  let running: DeployerOnCluster | undefined;
  afterEach(() => running?.close());
  afterAll(() => engine.close());

  const fileIn =
    (namespace: string) =>
    (tag: string, more: Parameters<typeof releaseFile>[1] = {}) =>
      releaseFile(tag, more).replace('namespace: default', `namespace: ${namespace}`);

  async function setUp(files: Record<string, string> = {}, more: Parameters<typeof releaseFile>[1] = {}) {
    const deployer = await setUpOn({
      kubeconfig,
      engine,
      files: (namespace) => ({ ...chartFiles, ...files, [path]: fileIn(namespace)('one', more) }),
    });
    running = deployer;
    const image = async (): Promise<unknown> => {
      const live = await deployer.read('Deployment', 'word-counts', 'apps/v1');
      return (live?.['spec'] as { template: { spec: { containers: { image: string }[] } } } | undefined)?.template.spec
        .containers[0]?.image;
    };
    return { ...deployer, file: fileIn(deployer.namespace), image };
  }

  const imageOf = (tag: string) => `registry.example/word-counts:${tag}`;
  const valuesOf = (tag: string) => ['--set', `image.repository=registry.example/word-counts,image.tag=${tag}`];

  it('reads all of what Ship-it deployed, and no more of it than was asked to be kept', async () => {
    const spec = '  maxHistory: 2\n';
    const { commit, file, helm, history, sync, untilDeployed, namespace } = await setUp(
      { 'charts/web/templates/NOTES.txt': 'Open {{ .Release.Name }}', 'charts/web/templates/hook.yaml': hook },
      { spec },
    );
    await sync.run();
    await untilDeployed(1);
    for (const [at, tag] of ['two', 'three'].entries()) {
      await commit({ [path]: file(tag, { spec }) });
      await untilDeployed(at + 2);
    }
    expect(await history()).toEqual(['2 superseded', '3 deployed']);
    const all = JSON.parse(await helm('list', '-A', '-o', 'json')) as object[];
    expect(all).toContainEqual(
      expect.objectContaining({
        name: 'word-counts',
        namespace,
        revision: '3',
        status: 'deployed',
        chart: 'web-1.0.0',
      }),
    );
    const status = JSON.parse(await helm('status', 'word-counts', '-o', 'json')) as { info: Record<string, string> };
    const time = expect.stringMatching(/^20\d\d-/) as string;
    expect(status).toMatchObject({
      ...{ version: 3, info: { status: 'deployed', description: 'Upgrade complete' } },
      hooks: [{ name: 'prepare', last_run: { phase: 'Succeeded', started_at: time, completed_at: time } }],
    });
    expect(Date.parse(status.info['first_deployed'] ?? '')).toBeLessThan(
      Date.parse(status.info['last_deployed'] ?? ''),
    );
    expect(await helm('get', 'manifest', 'word-counts')).toContain(imageOf('three'));
    expect(await helm('get', 'manifest', 'word-counts', '--revision', '2')).toContain(imageOf('two'));
    expect(JSON.parse(await helm('get', 'values', 'word-counts', '-o', 'json'))).toEqual({
      image: { repository: 'registry.example/word-counts', tag: 'three' },
    });
    expect(await helm('get', 'notes', 'word-counts')).toContain('Open word-counts');
    expect(await helm('get', 'hooks', 'word-counts')).toContain('name: prepare');
    expect(JSON.parse(await helm('get', 'metadata', 'word-counts', '-o', 'json'))).toMatchObject({
      revision: 3,
      applyMethod: 'ssa',
    });
    expect(await helm('get', 'all', 'word-counts')).toContain(imageOf('three'));
  });

  it('uninstalls what Ship-it deployed, which Ship-it installs again because git says so', async () => {
    const { helm, image, namespace, read, sync, until, untilDeployed, kubectl } = await setUp(
      {},
      { values: ', config: text' },
    );
    await sync.run();
    await untilDeployed(1);
    const first = await read('ConfigMap', 'word-counts-config');
    expect(await helm('uninstall', 'word-counts')).toContain('release "word-counts" uninstalled');
    expect(
      await kubectl('get', 'deployment,configmap,secret', '-l', 'app.kubernetes.io/managed-by=Helm', '-o', 'name'),
    ).toBe('');
    expect(JSON.parse(await helm('list', '-o', 'json'))).toEqual([]);

    await untilDeployed(1);
    expect(await image()).toBe(imageOf('one'));
    expect((await read('ConfigMap', 'word-counts-config'))?.metadata.uid).not.toBe(first?.metadata.uid);

    const uninstalled = helm('uninstall', 'word-counts', '--keep-history', '--cascade', 'foreground');
    await until(({ revision }) => revision === 2);
    await uninstalled;
    await untilDeployed(2);
    expect(await image()).toBe(imageOf('one'));
    expect(JSON.parse(await helm('history', 'word-counts', '-n', namespace, '-o', 'json'))).toMatchObject([
      { revision: 1, status: 'uninstalled' },
      { revision: 2, status: 'deployed', description: 'Install complete' },
    ]);
  });

  it('upgrades and rolls back what Ship-it deployed, and Ship-it puts it right as revisions of its own', async () => {
    const { commit, file, folder, helm, history, image, sync, untilDeployed } = await setUp();
    await sync.run();
    await untilDeployed(1);
    const chart = await folder('web', withoutFolder);
    await helm('upgrade', 'word-counts', chart, '--reuse-values', '--set', 'image.tag=by-hand');
    expect(await image()).toBe(imageOf('by-hand'));
    await untilDeployed(3);
    expect(await image()).toBe(imageOf('one'));
    await helm('rollback', 'word-counts', '2');
    expect(await image()).toBe(imageOf('by-hand'));
    await untilDeployed(5);
    expect(await image()).toBe(imageOf('one'));
    await commit({ [path]: file('two') });
    await untilDeployed(6);
    await helm('rollback', 'word-counts');
    expect(await image()).toBe(imageOf('one'));
    await untilDeployed(8);
    expect(await image()).toBe(imageOf('two'));
    expect(await history()).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7].map((revision) => `${revision} superseded`),
      '8 deployed',
    ]);
  });

  it('tests what Ship-it deployed, which stays as it is', async () => {
    const test = hookTemplate('check', 'test');
    const { commit, file, helm, history, pass, sync, untilDeployed } = await setUp({
      'charts/web/templates/check.yaml': test,
    });
    await sync.run();
    await untilDeployed(1);
    expect(await helm('test', 'word-counts')).toContain('Succeeded');
    await pass();
    expect(await history()).toEqual(['1 deployed']);
    expect(await helm('status', 'word-counts')).toContain('Succeeded');
    await commit({ [path]: file('two') });
    await untilDeployed(2);
    await helm('rollback', 'word-counts', '1');
    await untilDeployed(4);
  });

  it('is left alone on a release that is suspended', async () => {
    const { commit, file, folder, helm, history, image, pass, sync, until, untilDeployed } = await setUp();
    await sync.run();
    await untilDeployed(1);
    await commit({ [path]: file('one', { spec: '  suspend: true\n' }) });
    await until(({ conditions }) => conditions.some(({ type }) => type === 'Suspended'));
    await helm('upgrade', 'word-counts', await folder('web', withoutFolder), ...valuesOf('by-hand'));
    await pass();
    expect(await history()).toEqual(['1 superseded', '2 deployed']);
    expect(await image()).toBe(imageOf('by-hand'));
  });

  it.each(['true', 'false'])(
    'has installed (--server-side=%s) what a HelmRelease takes over, with its history',
    async (serverSide) => {
      const { folder, helm, history, image, read, sync, untilDeployed } = await setUp({}, { values: ', config: ours' });
      const args = [...valuesOf('theirs'), '--set', 'config=theirs,replicas=2', `--server-side=${serverSide}`];
      await helm('install', 'word-counts', await folder('web', withoutFolder), ...args);
      const before = await read('Deployment', 'word-counts', 'apps/v1');
      await sync.run();
      await untilDeployed(2);
      const after = await read('Deployment', 'word-counts', 'apps/v1');
      expect(after?.metadata.uid).toBe(before?.metadata.uid);
      expect(after).toMatchObject({ spec: { replicas: 1 } });
      expect(await image()).toBe(imageOf('one'));
      expect(await read('ConfigMap', 'word-counts-config')).toMatchObject({ data: { text: 'ours' } });
      expect(await history()).toEqual(['1 superseded', '2 deployed']);
      await helm('rollback', 'word-counts', '1');
      expect(await read('ConfigMap', 'word-counts-config')).toMatchObject({ data: { text: 'theirs' } });
    },
  );

  it('finds its records continued where Helm 3 made them, and the objects of Helm 3 taken over', async () => {
    const { apply, folder, helm, history, image, kubectl, namespace, read, sync, untilDeployed } = await setUp();
    for (const { name, labels, release } of helm3.records) {
      const text = JSON.stringify(release).replaceAll('legacy', namespace);
      const packed = gzipSync(text).toString('base64');
      const data = { release: Buffer.from(packed).toString('base64') };
      await apply({ apiVersion: 'v1', kind: 'Secret', type: 'helm.sh/release.v1', metadata: { name, labels }, data });
    }
    // Helm 3 wrote its objects as kubectl does, under its own name.
    const file = join(await folder('legacy', { 'all.yaml': helm3.records[1]?.release.manifest ?? '' }), 'all.yaml');
    const names = [`meta.helm.sh/release-name=word-counts`, `meta.helm.sh/release-namespace=${namespace}`];
    await kubectl('create', '--field-manager=helm', '-f', file);
    await kubectl('annotate', '--field-manager=helm', '-f', file, ...names);
    await kubectl('label', '--field-manager=helm', '-f', file, 'app.kubernetes.io/managed-by=Helm');
    expect(await history()).toEqual(['1 superseded', '2 deployed']);
    const before = await read('Deployment', 'word-counts', 'apps/v1');

    await sync.run();
    await untilDeployed(3);
    expect(await history()).toEqual(['1 superseded', '2 superseded', '3 deployed']);
    expect(await helm('history', 'word-counts')).toContain('Install complete');
    expect(await image()).toBe(imageOf('one'));
    const after = await read('Deployment', 'word-counts', 'apps/v1');
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
    expect(after).toMatchObject({ spec: { replicas: 1 } });
    expect(await read('ConfigMap', 'word-counts-config')).toBeUndefined();
    expect(JSON.parse(await helm('status', 'word-counts', '-o', 'json'))).toMatchObject({
      info: { first_deployed: expect.stringContaining('2026-11-21T07:01:24.875') as string },
    });

    await helm('rollback', 'word-counts', '2');
    expect(await image()).toBe(imageOf('theirs'));
    await untilDeployed(5);
    expect(await image()).toBe(imageOf('one'));
  });

  it('sees one new revision where two deployers are at it at once', async () => {
    const { createDeployer, history, key, sync, untilDeployed } = await setUp();
    await sync.run();
    const signal = new AbortController().signal;
    await Promise.all(Array.from({ length: 4 }, () => createDeployer().reconcile(key, signal)));
    await untilDeployed(1);
    expect(await history()).toEqual(['1 deployed']);
  });

  it('finds nothing of a release whose record is too large for a Secret', async () => {
    const noise = Array.from({ length: 1_600_000 }, () => String.fromCharCode(33 + Math.random() * 90)).join('');
    const { helm, kubectl, sync, until } = await setUp({ 'charts/web/files/noise.txt': noise });
    await sync.run();
    expect(await until(({ state }) => state === 'Failed')).toMatchObject({ reason: 'RecordTooLarge' });
    expect(JSON.parse(await helm('list', '-o', 'json'))).toEqual([]);
    expect(await kubectl('get', 'deployment,secret', '-o', 'name')).toBe('');
  });
});
