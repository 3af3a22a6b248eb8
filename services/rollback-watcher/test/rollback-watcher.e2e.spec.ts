import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesCluster } from '@shipit/clusters';
import { helmReleaseCrd, type ShipitEvent } from '@shipit/contracts';
import { type RunningKubernetes, startKubernetes } from '@shipit/embedded';
import { RedisConnections, RedisEventLog } from '@shipit/messaging';
import { RecordedLog } from '@shipit/platform/testing';
import { hasRedis, type RunningRedis, type SourceProcess, startRedis, startSource, waitUntil } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const main = new URL('../src/main.ts', import.meta.url);
const ref = { apiVersion: 'shipit.dev/v1beta1', kind: 'HelmRelease', namespace: 'default', name: 'word-counts' };

describe.skipIf(!hasRedis())('the rollback watcher as a process (needs redis-server)', () => {
  let home: string;
  let kubernetes: RunningKubernetes;
  let redis: RunningRedis;
  let connections: RedisConnections;
  let cluster: KubernetesCluster;
  let watcher: SourceProcess | undefined;

  const requests = async (): Promise<ShipitEvent[]> =>
    (await new RedisEventLog(connections).read({ limit: 100 }))
      .map(({ event }) => event)
      .filter(({ type }) => type === 'rollback.requested');

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'shipit-watcher-'));
    [kubernetes, redis] = await Promise.all([startKubernetes(), startRedis()]);
    connections = new RedisConnections(redis.url, new RecordedLog());
    cluster = new KubernetesCluster({ name: 'main', kubeconfigText: kubernetes.kubeconfig });
    await writeFile(join(home, 'kubeconfig'), kubernetes.kubeconfig);
    await writeFile(
      join(home, 'shipit.yaml'),
      `git: {url: "http://127.0.0.1:1/r.git"}
registries: [{account: "123456789012", region: us-east-1}]
intake: {queueUrl: "http://127.0.0.1:1/q", deadLetterQueueUrl: "http://127.0.0.1:1/d", region: us-east-1}
clusters: [{name: main, kubeconfig: "${join(home, 'kubeconfig')}"}]
rollback: {everySeconds: 1}
`,
    );
    await cluster.create(helmReleaseCrd());
    await waitUntil(() => cluster.scopeOf(ref.apiVersion, ref.kind), { limitMs: 10_000 });
    await cluster.create({
      ...ref,
      metadata: { name: ref.name, namespace: ref.namespace, annotations: { 'shipit.dev/commit': bad } },
      spec: { chart: { repository: './charts', name: 'service' } },
    });
    const status = {
      state: 'Failed',
      reason: 'ImageNotFound',
      message: 'no such image',
      observedGeneration: 1,
      revision: 2,
      commit: bad,
      images: ['r.example/a:2'],
      lastGood: { revision: 1, commit: good },
    };
    await cluster.mergePatch(ref, { status }, { subresource: 'status' });
  });

  afterAll(async () => {
    await watcher?.stop('SIGKILL');
    cluster.close();
    connections.close();
    await Promise.all([kubernetes.close(), redis.close()]);
    await rm(home, { recursive: true, force: true });
  });

  const start = async (): Promise<void> => {
    watcher = startSource(main, { SHIPIT_CONFIG: join(home, 'shipit.yaml'), REDIS_URL: redis.url, HOME: home });
    await watcher.ready();
  };

  it('asks for the rollback of a release that failed while nobody watched', async () => {
    expect(await requests()).toEqual([]);
    await start();
    const [request] = await waitUntil(async () => ((await requests()).length > 0 ? requests() : false), {
      limitMs: 20_000,
    });
    expect(request?.data).toMatchObject({
      release: 'default/word-counts',
      of: bad,
      to: good,
      by: 'watcher',
      cause: { imageAtFault: true },
    });
  });

  it('asks for it once more, with the same id, after Redis was emptied', async () => {
    const [before] = await requests();
    await redis.empty();
    const [after] = await waitUntil(async () => ((await requests()).length > 0 ? requests() : false), {
      limitMs: 20_000,
    });
    expect(after?.id).toBe(before?.id);
  });

  it('stops when it is told to', async () => {
    await watcher?.stop('SIGTERM');
    expect((await watcher?.ended())?.code).toBe(0);
  });
});
