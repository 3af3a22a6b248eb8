import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InMemoryCluster } from '@shipit/clusters/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findHelm, helm } from '@shipit/testing';
import { HelmEngine } from '../src/helm-engine.js';
import { HelmRenderer } from '../src/helm-renderer.js';
import { chartOf } from '../src/in-memory-chart-source.js';
import { ReleaseRecords } from '../src/release-records.js';

const command = findHelm();

/** As much of an API server as reading release records needs, in front of a cluster in memory. */
describe.skipIf(!command)('the real helm (needs helm 4 in KUBEBUILDER_ASSETS or on PATH)', () => {
  const cluster = new InMemoryCluster({ namespaces: ['prod'] });
  const engine = new HelmEngine({ workers: 1 });
  let server: Server;
  let folder: string;
  let run: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    server = await serve(cluster);
    folder = await mkdtemp(join(tmpdir(), 'shipit-records-'));
    const kubeconfig = join(folder, 'kubeconfig');
    await writeFile(kubeconfig, kubeconfigFor((server.address() as AddressInfo).port));
    run = (...args) => helm(command ?? '', [...args, '-n', 'prod', '--kubeconfig', kubeconfig], { HOME: folder });
    await recordTwoRevisions(cluster, engine);
  });
  afterAll(async () => {
    await engine.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(folder, { recursive: true });
  });

  it('lists what Ship-it deployed', async () => {
    expect(JSON.parse(await run('list', '-o', 'json'))).toMatchObject([
      { name: 'shop', namespace: 'prod', revision: '2', status: 'deployed', chart: 'web-1.2.3', app_version: '7' },
    ]);
  });

  it('tells its history', async () => {
    expect(JSON.parse(await run('history', 'shop', '-o', 'json'))).toMatchObject([
      { revision: 1, status: 'superseded', chart: 'web-1.2.3', description: 'Install complete' },
      { revision: 2, status: 'deployed', chart: 'web-1.2.3', description: 'Upgrade complete' },
    ]);
  });

  it('gets its manifest, values, notes and hooks', async () => {
    expect(await run('get', 'manifest', 'shop')).toContain('kind: ConfigMap\nmetadata: {name: map}\ndata: {size: "2"}');
    expect(JSON.parse(await run('get', 'values', 'shop', '-o', 'json'))).toEqual({ size: 2 });
    expect(JSON.parse(await run('get', 'values', 'shop', '-a', '-o', 'json'))).toEqual({ size: 2, color: 'red' });
    expect(await run('get', 'notes', 'shop')).toContain('Open shop');
    expect(await run('get', 'hooks', 'shop')).toContain('name: migrate');
  });

  it('tells that it was applied server-side', async () => {
    const metadata: unknown = JSON.parse(await run('get', 'metadata', 'shop', '-o', 'json'));
    expect(metadata).toMatchObject({ revision: 2, applyMethod: 'ssa' });
  });
});

async function recordTwoRevisions(cluster: InMemoryCluster, engine: HelmEngine): Promise<void> {
  const records = new ReleaseRecords(cluster, engine);
  const renderer = new HelmRenderer(engine);
  const chart = await chartOf({
    'Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.2.3\nappVersion: "7"\n',
    'values.yaml': 'size: 1\ncolor: red',
    'templates/map.yaml':
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {size: "{{ .Values.size }}"}\n',
    'templates/job.yaml':
      'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: {helm.sh/hook: pre-install}\n',
    'templates/NOTES.txt': 'Open {{ .Release.Name }}',
  });
  const now = new Date();
  for (const revision of [1, 2]) {
    const request = { chart, values: [{ size: revision }], name: 'shop', namespace: 'prod', revision };
    const rendered = await renderer.render({ ...request, isUpgrade: revision > 1 });
    const [previous] = await records.list('prod', 'shop');
    const info = { status: 'pending-upgrade' as const, description: '', firstDeployed: now, lastDeployed: now };
    const created = await records.create(await records.encode({ ...request, ...info, rendered }));
    const description = revision === 1 ? 'Install complete' : 'Upgrade complete';
    await records.setStatus(created, { status: 'deployed', description });
    if (previous) await records.setStatus(previous, { status: 'superseded' });
  }
}

async function serve(cluster: InMemoryCluster): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? '', 'http://cluster');
      response.setHeader('content-type', 'application/json');
      const secrets = /^\/api\/v1\/namespaces\/prod\/secrets(?:\/(.+))?$/.exec(url.pathname);
      if (url.pathname === '/version') return response.end('{"major":"1","minor":"35","gitVersion":"v1.35.4"}');
      if (!secrets) return response.writeHead(404).end('{}');
      const query = { apiVersion: 'v1', kind: 'Secret', namespace: 'prod' };
      if (secrets[1]) return response.end(JSON.stringify(await cluster.read({ ...query, name: secrets[1] })));
      const labelSelector = url.searchParams.get('labelSelector') ?? '';
      const items = await cluster.list({ ...query, labelSelector });
      return response.end(JSON.stringify({ apiVersion: 'v1', kind: 'SecretList', metadata: {}, items }));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

function kubeconfigFor(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    clusters: [{ name: 'it', cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: 'it', user: {} }],
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
  });
}
