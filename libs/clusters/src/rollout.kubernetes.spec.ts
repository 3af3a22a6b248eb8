import { randomUUID } from 'node:crypto';
import { assessRollout, type KubernetesObject, type RolloutHealth } from '@shipit/health';
import { waitUntil } from '@shipit/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { KubernetesCluster } from './kubernetes-cluster.js';

const kubeconfigFile = process.env['SHIPIT_TEST_KUBECONFIG'];

describe.skipIf(!kubeconfigFile)('rollouts on a real control plane (skipped without SHIPIT_TEST_KUBECONFIG)', () => {
  const cluster = new KubernetesCluster({ name: 'test', kubeconfigFile });
  const made: KubernetesObject[] = [];
  afterAll(async () => {
    for (const { apiVersion, kind, metadata } of made) await cluster.delete({ apiVersion, kind, ...metadata });
    cluster.close();
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

  it.concurrent.each([
    ['ok', 'Current', undefined],
    ['heals', 'Current', undefined],
    ['flaky', 'Current', undefined],
    ['slow', 'Current', undefined],
    ['bad', 'Failed', 'ImageNotFound'],
    ['crash', 'Failed', 'ContainerCrashing'],
  ])('a first deployment of %s ends %s', async (tag, status, reason) => {
    const health = await settled(await roll(unique(tag), tag));
    expect(health).toMatchObject({ status, failedEarly: status === 'Failed', ...(reason ? { reason } : {}) });
  });

  it.concurrent('an update to an image that is not there fails, and going back is current at once', async () => {
    const name = unique('update');
    expect((await settled(await roll(name, 'ok'))).status).toBe('Current');
    expect(await settled(await roll(name, 'bad'))).toMatchObject({ status: 'Failed', reason: 'ImageNotFound' });
    expect((await settled(await roll(name, 'ok'))).status).toBe('Current');
  });

  it.concurrent.each(['StatefulSet', 'DaemonSet'])('an update of a %s fails by its new pods', async (kind) => {
    const name = unique(kind.toLowerCase());
    expect((await settled(await roll(name, 'ok', kind))).status).toBe('Current');
    expect(await settled(await roll(name, 'crash', kind))).toMatchObject({ status: 'Failed', failedEarly: true });
  });
});
