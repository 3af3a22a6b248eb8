import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesCluster } from '@shipit/clusters';
import { Explanation, helmReleaseCrd, type ShipitEvent } from '@shipit/contracts';
import { startEcr, startGitServer, startKubernetes } from '@shipit/embedded';
import { BullEventBus, RedisConnections, RedisEventLog } from '@shipit/messaging';
import { RecordedLog } from '@shipit/platform/testing';
import { hasRedis, type RunningRedis, startRedis, startSource, waitUntil } from '@shipit/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { committed, releaseFile, sha, tokens } from './api-in-memory.js';

const isMissing = hasRedis() ? '' : ' (skipped: redis-server is not installed)';
const account = '123456789012';
const one = '/api/v1/releases/default/word-counts';

describe.skipIf(isMissing)(`the api as a process${isMissing}`, () => {
  let running: Awaited<ReturnType<typeof setUp>>;
  let redis: RunningRedis;
  beforeAll(async () => {
    redis = await startRedis();
    running = await setUp(redis);
  });
  afterAll(async () => {
    await running?.close();
    await redis.close();
  });

  it('shows the releases of the cluster, to those with a token', async () => {
    await waitUntil(async () => (await running.get('/readyz')).status === 200, { limitMs: 20_000 });
    expect((await running.get('/api/v1/releases', '')).status).toBe(401);
    const { body } = await running.get('/api/v1/releases');
    expect(body).toMatchObject({ items: [{ release: 'default/word-counts', state: 'Pending' }] });
  });

  it('explains why a push is not deployed, also after Redis was emptied', async () => {
    running.push('nightly');
    running.push(sha('b'));
    for (const empty of [async () => undefined, () => redis.empty()]) {
      await empty();
      const { candidates } = Explanation.parse((await running.get(`${one}/explain`)).body);
      expect(candidates.map(({ reason }) => reason).sort()).toEqual(['autodeploy off', 'tag not allowed']);
    }
  });

  it('answers a person’s request when the commit is told', async () => {
    const answer = running.post(`${one}/lock`, { reason: 'freeze' });
    const request = await running.told('lock.requested');
    await running.publish(committed(request.id));
    expect(await answer).toMatchObject({ status: 202, body: { requestId: request.id, commit: sha('c') } });
  });

  it('ends at SIGTERM with nothing left open', async () => {
    expect(await running.stop()).toMatchObject({ code: 0 });
  });
});

async function setUp(redis: RunningRedis) {
  const home = await mkdtemp(join(tmpdir(), 'shipit-api-'));
  const files = { 'releases/word-counts.yaml': releaseFile({ autodeploy: false }) };
  const git = await startGitServer({
    directory: join(home, 'git'),
    tokens: ['git-token'],
    repositories: { gitops: { files } },
  });
  const ecr = await startEcr({ account, region: 'us-east-1', createsRepositories: true });
  const kubernetes = await startKubernetes();
  const kubeconfig = join(home, 'kubeconfig');
  await writeFile(kubeconfig, kubernetes.kubeconfig, { mode: 0o600 });
  const cluster = new KubernetesCluster({ name: 'main', kubeconfigFile: kubeconfig });
  await prepare(cluster);
  await writeFile(join(home, 'shipit.yaml'), configuration(git.repositoryUrl('gitops'), kubeconfig));
  const connections = new RedisConnections(redis.url, new RecordedLog());
  await connections.check();
  const eventLog = new RedisEventLog(connections);
  const bus = new BullEventBus(connections, eventLog, new RecordedLog());
  const service = startSource(new URL('../src/main.ts', import.meta.url), {
    SHIPIT_CONFIG: join(home, 'shipit.yaml'),
    REDIS_URL: redis.url,
    GIT_TOKEN: 'git-token',
    SHIPIT_API_TOKENS: `ann:deployer:${tokens.deployer}`,
    AWS_ENDPOINT_URL_ECR: ecr.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test-secret',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    HOME: home,
    TMPDIR: home,
  });
  const { address } = await service.ready();
  const call = async (path: string, init: RequestInit & { headers: Record<string, string> }) => {
    const response = await fetch(`${address}${path}`, init);
    return { status: response.status, body: await response.json() };
  };
  const authorization = `Bearer ${tokens.deployer}`;
  return {
    get: (path: string, token = authorization) => call(path, { headers: { authorization: token } }),
    post: (path: string, body: object) =>
      call(path, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    push: (tag: string) => ecr.pushSample({ repository: 'word-counts', tag }),
    publish: (...events: ShipitEvent[]) => bus.publish(...events),
    told: (type: ShipitEvent['type']) =>
      waitUntil(async () => (await eventLog.read({ limit: 10, filter: { types: [type] } }))[0]?.event, {
        limitMs: 10_000,
      }),
    stop: () => service.stop(),
    async close(): Promise<void> {
      await service.stop('SIGKILL');
      await bus.close();
      connections.close();
      cluster.close();
      await Promise.all([git.close(), ecr.close(), kubernetes.close()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What the deployer would have put there. */
async function prepare(cluster: KubernetesCluster): Promise<void> {
  const crd = helmReleaseCrd();
  await cluster.apply(crd);
  const release = {
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: {
      name: 'word-counts',
      namespace: 'default',
      annotations: { 'shipit.dev/path': 'releases/word-counts.yaml' },
    },
    spec: { chart: { repository: './charts', name: 'service' } },
  };
  await waitUntil(() => cluster.apply(release).catch(() => undefined), { limitMs: 20_000 });
}

function configuration(url: string, kubeconfig: string): string {
  return `
git: {url: "${url}", branch: main, path: releases}
registries: [{account: "${account}", region: us-east-1}]
intake: {queueUrl: "http://127.0.0.1:1/q", deadLetterQueueUrl: "http://127.0.0.1:1/d", region: us-east-1}
clusters: [{name: main, kubeconfig: "${kubeconfig}"}]
`;
}
