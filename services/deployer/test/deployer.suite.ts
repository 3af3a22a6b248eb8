import { type RunningRedis, startRedis, waitUntil } from '@shipit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { chartFiles, hookTemplate, releaseFile } from './deployer-fixture.js';
import { setUp } from './running-deployer.js';

type Running = Awaited<ReturnType<typeof setUp>>;

const path = 'releases/word-counts.yaml';

/** What must hold on every Kubernetes: the embedded one and the real control plane. */
export function deployerSuite(title: string, kubeconfigOf: () => Promise<string>): void {
  describe(title, () => {
    let redis: RunningRedis;
    let kubeconfig: string;
    let running: Running | undefined;
    let count = 0;
    beforeAll(async () => {
      redis = await startRedis();
      kubeconfig = await kubeconfigOf();
    });
    afterEach(async () => {
      await running?.close();
      running = undefined;
      await redis.empty();
    });
    afterAll(() => redis.close());

    async function start(tag: string, more: { files?: Record<string, string>; spec?: string } = {}) {
      const namespace = `deployer-${process.pid}-${Date.now() % 1e6}-${count++}`;
      const file = (image: string, values = '') =>
        releaseFile(image, { values, ...(more.spec ? { spec: more.spec } : {}) }).replace(
          'namespace: default',
          `namespace: ${namespace}`,
        );
      running = await setUp({
        redis,
        kubeconfig,
        namespace,
        files: { ...chartFiles, ...more.files, [path]: file(tag) },
      });
      const read = (kind: string, name: string, apiVersion = 'v1') =>
        (running as Running).cluster.read({ apiVersion, kind, namespace, name });
      return { ...running, namespace, file, read };
    }

    it('makes a running release of a commit', async () => {
      const deployer = await start('one');
      await deployer.start();
      const first = await deployer.until('Deployed');
      expect(first).toMatchObject({ revision: 1, images: ['registry.example/word-counts:one'] });
      expect(first.conditions.find(({ type }) => type === 'Ready')).toMatchObject({ status: 'True' });

      const commit = await deployer.commit({ [path]: deployer.file('two') });
      expect(await deployer.until('Deployed', commit)).toMatchObject({
        revision: 2,
        lastGood: { revision: 2, commit },
      });
      expect(await deployer.read('Deployment', 'word-counts', 'apps/v1')).toMatchObject({
        spec: { template: { spec: { containers: [{ image: 'registry.example/word-counts:two' }] } } },
      });
      const told = (await deployer.events()).map(({ type }) => type).filter((type) => type !== 'release.committed');
      expect(told).toEqual(['release.deploying', 'release.deployed', 'release.deploying', 'release.deployed']);
    });

    it('tells that a bad image failed, and why, and goes back by a commit', async () => {
      const deployer = await start('one');
      await deployer.start();
      const good = (await deployer.until('Deployed')).commit ?? '';
      const bad = await deployer.commit({ [path]: deployer.file('bad-two') });
      const failed = await deployer.until('Failed', bad, 60_000);
      expect(failed).toMatchObject({ reason: 'ImageNotFound', revision: 2, lastGood: { revision: 1, commit: good } });
      expect(failed.message).toContain('bad-two');

      const key = `${deployer.namespace}/word-counts`;
      const back = await deployer.commit(
        { [path]: deployer.file('one') },
        `Roll back\n\nRollback: ${key} of=${bad} to=${good} id=${'c'.repeat(32)}\nActor: Ship-it`,
      );
      expect(await deployer.until('RolledBack', back)).toMatchObject({ revision: 3 });
    });

    it('goes on where another process was killed between apply and record', async () => {
      const deployer = await start('one');
      const killed = await deployer.start({ SHIPIT_CRASH_AT: 'deployer.after-apply' }).catch(() => undefined);
      if (killed) expect((await killed.ended()).signal).toBe('SIGKILL');
      await deployer.start();
      expect(await deployer.until('Deployed', undefined, 60_000)).toMatchObject({ revision: 1 });
      const told = (await deployer.events()).map(({ type }) => type);
      expect(told).toEqual(['release.deploying', 'release.deployed']);
    });

    it('runs hooks once each, in order, and waits for them, also where it is killed in between', async () => {
      const files = {
        'charts/web/templates/first.yaml': hookTemplate('first', 'pre-install', '    helm.sh/hook-weight: "-5"\n'),
        'charts/web/templates/second.yaml': hookTemplate(
          'second',
          'pre-install',
          '    helm.sh/hook-weight: "5"\n    helm.sh/hook-delete-policy: hook-succeeded\n',
        ),
        'charts/web/templates/last.yaml': hookTemplate('last', 'post-install'),
      };
      const deployer = await start('one', { files });
      const killed = await deployer.start({ SHIPIT_CRASH_AT: 'deployer.after-hook' }).catch(() => undefined);
      if (killed) await killed.ended();
      const first = await deployer.read('Job', 'first', 'batch/v1');
      await deployer.start();
      await deployer.until('Deployed', undefined, 60_000);
      expect((await deployer.read('Job', 'first', 'batch/v1'))?.metadata.uid).toBe(first?.metadata.uid);
      expect(
        await waitUntil(async () => !(await deployer.read('Job', 'second', 'batch/v1')), { limitMs: 20_000 }),
      ).toBe(true);
      const [before, after, deployment] = [
        first,
        await deployer.read('Job', 'last', 'batch/v1'),
        await deployer.read('Deployment', 'word-counts', 'apps/v1'),
      ];
      const at = (object: typeof before) => Date.parse(object?.metadata.creationTimestamp ?? '');
      expect(at(before)).toBeLessThanOrEqual(at(deployment));
      expect(at(deployment)).toBeLessThanOrEqual(at(after));
    });

    it('takes a release away that is gone from git, and lets one come back that was deleted by hand', async () => {
      const deployer = await start('one');
      await deployer.start();
      await deployer.until('Deployed');
      const before = await deployer.read('Deployment', 'word-counts', 'apps/v1');
      const object = await deployer.release();
      await deployer.cluster.delete({
        apiVersion: 'shipit.dev/v1beta1',
        kind: 'HelmRelease',
        namespace: deployer.namespace,
        name: 'word-counts',
      });
      await waitUntil(
        async () => {
          const now = await deployer.release();
          return now?.status?.state === 'Deployed' && now.metadata.uid !== object?.metadata.uid;
        },
        { limitMs: 30_000 },
      );
      expect((await deployer.read('Deployment', 'word-counts', 'apps/v1'))?.metadata.uid).toBe(before?.metadata.uid);

      await deployer.commit({ [path]: null });
      await waitUntil(async () => !(await deployer.release()), { limitMs: 30_000 });
      await waitUntil(async () => !(await deployer.read('Deployment', 'word-counts', 'apps/v1')), { limitMs: 30_000 });
      expect(
        await deployer.cluster.list({
          apiVersion: 'v1',
          kind: 'Secret',
          namespace: deployer.namespace,
          labelSelector: 'owner=helm',
        }),
      ).toEqual([]);
      const told = (await deployer.events()).map(({ type }) => type).slice(-2);
      expect(told).toEqual(['release.deleting', 'release.deleted']);
    });

    it('goes on where Redis was emptied in the middle', async () => {
      const deployer = await start('one');
      await deployer.start();
      await deployer.until('Deployed');
      const commit = await deployer.commit({ [path]: deployer.file('slow-two') });
      await deployer.until('Deploying', commit);
      await redis.empty();
      const next = await deployer.commit({ [path]: deployer.file('three') });
      expect(await deployer.until('Deployed', next, 90_000)).toMatchObject({ revision: 3 });
    });
  });
}
