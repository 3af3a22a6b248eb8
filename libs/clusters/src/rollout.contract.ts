import { randomUUID } from 'node:crypto';
import { assessRollout, type KubernetesObject, type RolloutHealth } from '@shipit/health';
import { waitUntil } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Cluster } from './cluster.js';
import type { ClusterUnderTest } from './cluster.contract.js';

export interface RolloutCases {
  start: () => Promise<ClusterUnderTest>;
  /** How pods fare, by a word in their image's tag. */
  tags: string[];
  /** Kinds beside Deployment. */
  workloads: string[];
}

const endings: Record<string, { status: string; reason?: string }> = {
  ok: { status: 'Current' },
  heals: { status: 'Current' },
  flaky: { status: 'Current' },
  slow: { status: 'Current' },
  bad: { status: 'Failed', reason: 'ImageNotFound' },
  crash: { status: 'Failed', reason: 'ContainerCrashing' },
};

/** How deployments end on a cluster with controllers, the tag of their image deciding how its pods fare. */
export function rolloutContract(title: string, { start, tags, workloads }: RolloutCases): void {
  describe(title, () => {
    let under: ClusterUnderTest;
    let cluster: Cluster;
    const made: KubernetesObject[] = [];
    beforeAll(async () => {
      under = await start();
      cluster = under.cluster;
    });
    afterAll(async () => {
      for (const { apiVersion, kind, metadata } of made) await cluster.delete({ apiVersion, kind, ...metadata });
      await under.close?.();
    });

    async function roll(name: string, tag: string, kind = 'Deployment'): Promise<KubernetesObject> {
      const labels = { app: name };
      const object = {
        apiVersion: 'apps/v1',
        kind,
        metadata: { name, namespace: 'default' },
        spec: {
          ...(kind === 'DaemonSet' ? {} : { replicas: 1 }),
          ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers: [{ name: 'app', image: `repo/app:v1-${tag}` }] } },
        },
      };
      made.push(object);
      return cluster.apply(object);
    }

    async function assess({ apiVersion, kind, metadata }: KubernetesObject): Promise<RolloutHealth> {
      const workload = await cluster.read({ apiVersion, kind, ...metadata });
      if (!workload) throw new Error(`${kind} ${metadata.name} is gone`);
      const select = { namespace: 'default', labelSelector: `app=${metadata.name}` };
      const [replicaSets, pods, events] = await Promise.all([
        cluster.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', ...select }),
        cluster.list({ apiVersion: 'v1', kind: 'Pod', ...select }),
        cluster.list({ apiVersion: 'v1', kind: 'Event', namespace: 'default' }),
      ]);
      return assessRollout({ workload, replicaSets, pods, events, now: new Date() });
    }

    const unique = (tag: string) => `${tag}-${randomUUID().slice(0, 8)}`;
    const settled = (object: KubernetesObject) =>
      waitUntil(
        async () => {
          const health = await assess(object);
          return health.status === 'InProgress' ? undefined : health;
        },
        { limitMs: 40_000, everyMs: 100 },
      );

    it.concurrent.each(tags)('a first deployment of %s ends as it should', async (tag) => {
      const expected = endings[tag] ?? { status: 'Current' };
      const health = await settled(await roll(unique(tag), tag));
      expect(health).toMatchObject({ ...expected, failedEarly: expected.status === 'Failed' });
    });

    it.concurrent('an update to an image that is not there fails, and going back is current at once', async () => {
      const name = unique('update');
      expect((await settled(await roll(name, 'ok'))).status).toBe('Current');
      expect(await settled(await roll(name, 'bad'))).toMatchObject({ status: 'Failed', reason: 'ImageNotFound' });
      expect((await settled(await roll(name, 'ok'))).status).toBe('Current');
    });

    it.concurrent.each(workloads)('an update of a %s fails by its new pods', async (kind) => {
      const name = unique(kind.toLowerCase());
      expect((await settled(await roll(name, 'ok', kind))).status).toBe('Current');
      expect(await settled(await roll(name, 'crash', kind))).toMatchObject({ status: 'Failed', failedEarly: true });
    });
  });
}
