import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { waitUntil } from '@shipit/testing';

import { ApiClient } from './contract/api-client.contract.js';
import { configMap, deployment } from './contract/sample-objects.contract.js';
import { startKubernetes, type KubernetesOptions, type RunningKubernetes } from './start-kubernetes.js';

const CONFIG_MAPS = '/api/v1/namespaces/default/configmaps';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments';
const PODS = '/api/v1/namespaces/default/pods';

/** What only the embedded server promises. */
describe('startKubernetes', () => {
  const running: RunningKubernetes[] = [];
  const folders: string[] = [];

  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
    await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
  });

  async function setUp(options: KubernetesOptions = {}): Promise<{ server: RunningKubernetes; api: ApiClient }> {
    const server = await startKubernetes(options);
    running.push(server);
    return { server, api: await ApiClient.connect(server.kubeconfig) };
  }

  async function newFolder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'embedded-kubernetes-'));
    folders.push(folder);
    return folder;
  }

  async function podStatus(
    api: ApiClient,
  ): Promise<{ waiting: string | undefined; isReady: boolean; restarts: number } | undefined> {
    const { body } = await api.get(PODS);
    const status = body.items[0]?.status.containerStatuses?.[0];
    return status && { waiting: status.state.waiting?.reason, isReady: status.ready, restarts: status.restartCount };
  }

  it('lets nobody in without the token, but tells anyone that it is healthy', async () => {
    const { api } = await setUp();
    const answer = await api.get(CONFIG_MAPS, { token: 'wrong' });

    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ kind: 'Status', reason: 'Unauthorized', code: 401 });
    for (const path of ['/healthz', '/livez', '/readyz', '/version'])
      expect((await api.get(path, { token: 'wrong' })).status).toBe(200);
  });

  it('goes on with objects, token and certificates after a restart', async () => {
    const directory = await newFolder();
    const first = await setUp({ directory });
    await first.api.create(DEPLOYMENTS, deployment('kept', { replicas: 2 }));
    await waitUntil(async () => (await first.api.get(`${DEPLOYMENTS}/kept`)).body.status.availableReplicas === 2);
    const before = (await first.api.get(`${DEPLOYMENTS}/kept`)).body;
    await first.server.close();
    const { server, api } = await setUp({ directory });
    const after = (await api.get(`${DEPLOYMENTS}/kept`)).body;

    expect([server.token, server.ca]).toEqual([first.server.token, first.server.ca]);
    expect(after.metadata.uid).toBe(before.metadata.uid);
    expect(after.status.availableReplicas).toBe(2);
    expect((await api.get(PODS)).body.items).toHaveLength(2);
    expect(Number((await api.create(CONFIG_MAPS, configMap('next'))).body.metadata.resourceVersion)).toBeGreaterThan(
      Number(before.metadata.resourceVersion),
    );
  });

  it('finishes after a restart what was under way', async () => {
    const directory = await newFolder();
    const first = await setUp({ directory, timings: { podReadyMs: 60_000 } });
    await first.api.create(DEPLOYMENTS, deployment('halfway'));
    await waitUntil(async () => (await first.api.get(PODS)).body.items.length === 1);
    await first.server.close();
    const { api } = await setUp({ directory });

    await waitUntil(async () => (await api.get(`${DEPLOYMENTS}/halfway`)).body.status.availableReplicas === 1);
  });

  it('writes whole files only, readable by nobody else', async () => {
    const directory = await newFolder();
    const { server } = await setUp({ directory });
    await server.close();

    expect((await readdir(directory)).sort()).toEqual(['identity.json', 'objects.json']);
    expect(JSON.parse(await readFile(join(directory, 'objects.json'), 'utf8')).objects.length).toBeGreaterThan(0);
  });

  it('says which file to remove when its state cannot be read', async () => {
    const directory = await newFolder();
    await writeFile(join(directory, 'objects.json'), '{ half');

    await expect(startKubernetes({ directory })).rejects.toThrow(
      /objects\.json cannot be read; remove it to begin anew/,
    );
  });

  it('answers 410 to a watch from a version that is forgotten', async () => {
    const { server, api } = await setUp();
    const { body } = await api.get(CONFIG_MAPS);
    await api.create(CONFIG_MAPS, configMap('later'));
    server.compact();
    const watching = api.watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
    await watching.ended;

    expect(watching.lines).toEqual([
      { type: 'ERROR', object: expect.objectContaining({ kind: 'Status', reason: 'Expired', code: 410 }) },
    ]);
  });

  it('sends watchers from before a restart back to listing', async () => {
    const directory = await newFolder();
    const first = await setUp({ directory });
    const { body } = await first.api.create(CONFIG_MAPS, configMap('before'));
    await first.server.close();
    const { api } = await setUp({ directory });
    const watching = api.watch(`${CONFIG_MAPS}?watch=true&resourceVersion=${body.metadata.resourceVersion}`);
    await watching.ended;

    expect(watching.lines[0].object).toMatchObject({ kind: 'Status', code: 410 });
  });

  it('ends open watches when it closes', async () => {
    const { server, api } = await setUp();
    const watching = api.watch(`${CONFIG_MAPS}?watch=true`);
    await watching.status;
    await server.close();

    await watching.ended;
  });

  it('refuses bodies that are too large, and keys that would reach into JavaScript', async () => {
    const { api } = await setUp();
    const large = await api.create(CONFIG_MAPS, configMap('large', { a: 'x'.repeat(3 * 1024 * 1024) }));
    const hostile = await api.send('POST', CONFIG_MAPS, {
      body: '{"metadata":{"name":"h"},"data":{"__proto__":{"a":"b"}}}',
    });
    const nested = await api.send('PATCH', `${CONFIG_MAPS}/deep?fieldManager=x`, {
      body: '['.repeat(5000),
      contentType: 'application/apply-patch+yaml',
    });
    const broken = await api.send('POST', CONFIG_MAPS, {
      body: Buffer.from('k8s\0\u00ff\u00ff').toString('latin1'),
      contentType: 'application/vnd.kubernetes.protobuf',
    });

    expect([large.status, hostile.status, nested.status, broken.status]).toEqual([413, 400, 400, 400]);
    expect((await api.get(CONFIG_MAPS)).status).toBe(200);
  });

  it('lets an image tagged slow take its time', async () => {
    const { api } = await setUp({ timings: { podReadyMs: 20, slowReadyMs: 500 } });
    await api.create(DEPLOYMENTS, deployment('slow', { image: 'app:slow' }));
    const early = await waitUntil(async () => podStatus(api));
    await waitUntil(async () => (await podStatus(api))?.isReady);

    expect(early).toMatchObject({ isReady: false, restarts: 0 });
  });

  it('gives a load balancer an address', async () => {
    const { api } = await setUp();
    await api.create('/api/v1/namespaces/default/services', {
      metadata: { name: 'edge' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    const address = await waitUntil(
      async () => (await api.get('/api/v1/namespaces/default/services/edge')).body.status.loadBalancer.ingress?.[0].ip,
    );

    expect(address).toMatch(/^203\.0\.113\.\d+$/);
  });
});
