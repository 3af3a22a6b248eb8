import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningKubernetes, startKubernetes } from '@shipit/embedded';
import { findCrashPoints } from '@shipit/platform/testing';
import { type RunningRedis, type SourceProcess, startRedis, waitUntil } from '@shipit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chartFiles, hookTemplate, releaseFile } from './deployer-fixture.js';
import { setUp } from './running-deployer.js';

const points = findCrashPoints(fileURLToPath(new URL('../src', import.meta.url)));
const path = 'releases/word-counts.yaml';
const hook = hookTemplate('prepare', 'pre-install,pre-delete', '    helm.sh/hook-delete-policy: hook-succeeded\n');

let redis: RunningRedis;
let kubernetes: RunningKubernetes;
let folder: string;
beforeAll(async () => {
  [redis, kubernetes] = await Promise.all([startRedis(), startKubernetes()]);
  folder = await mkdtemp(join(tmpdir(), 'shipit-kubeconfig-'));
  await writeFile(join(folder, 'kubeconfig'), kubernetes.kubeconfig, { mode: 0o600 });
});
afterAll(async () => {
  await Promise.all([redis.close(), kubernetes.close()]);
  await rm(folder, { recursive: true, force: true });
});

/** The life of a release, from its commit to its removal, with a process that is killed at one place and its queues lost with it. */
it.each(points)(
  'a release is deployed and taken away although the process was killed at %s and Redis emptied',
  async (point) => {
    const namespace = point.replace('.', '-');
    const file = releaseFile('one').replace('namespace: default', `namespace: ${namespace}`);
    const files = { ...chartFiles, 'charts/web/templates/hook.yaml': hook, [path]: file };
    const kubeconfig = join(folder, 'kubeconfig');
    const deployer = await setUp({ redis, kubeconfig, namespace, files });
    const read = (apiVersion: string, kind: string, name: string) =>
      deployer.cluster.read({ apiVersion, kind, namespace, name });
    try {
      let service: SourceProcess | undefined = await deployer.start({ SHIPIT_CRASH_AT: point }).catch(() => undefined);
      let wasKilled = service === undefined;
      const reviveWhereKilled = async (): Promise<void> => {
        if (service && service.child.signalCode !== 'SIGKILL') return;
        wasKilled = true;
        await redis.empty();
        service = await deployer.start();
      };
      await waitUntil(
        async () => {
          await reviveWhereKilled();
          return (await deployer.release())?.status?.state === 'Deployed';
        },
        { limitMs: 60_000, everyMs: 100 },
      );
      expect(await deployer.release()).toMatchObject({ status: { revision: 1 } });

      await deployer.commit({ [path]: null });
      await waitUntil(
        async () => {
          await reviveWhereKilled();
          return !(await deployer.release());
        },
        { limitMs: 60_000, everyMs: 100 },
      );
      expect(wasKilled, `${point} was reached`).toBe(true);
      expect(await read('apps/v1', 'Deployment', 'word-counts')).toBeUndefined();
      expect(
        await deployer.cluster.list({ apiVersion: 'v1', kind: 'Secret', namespace, labelSelector: 'owner=helm' }),
      ).toEqual([]);
    } finally {
      await deployer.close();
    }
  },
);
