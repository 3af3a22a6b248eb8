import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chartOf } from '@shipit/charts/testing';
import { type RunningKubernetes, startKubernetes } from '@shipit/embedded';
import { type RunningRedis, startRedis } from '@shipit/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chartFiles, releaseFile } from './deployer-fixture.js';
import { setUp } from './running-deployer.js';

const path = 'releases/word-counts.yaml';
let redis: RunningRedis;
let kubernetes: RunningKubernetes;
let home: string;
let charts: Server;
const asked: string[] = [];

beforeAll(async () => {
  [redis, kubernetes] = await Promise.all([startRedis(), startKubernetes()]);
  home = await mkdtemp(join(tmpdir(), 'shipit-chart-cache-'));
  await writeFile(join(home, 'kubeconfig'), kubernetes.kubeconfig, { mode: 0o600 });
  const templates = Object.entries(chartFiles).map(([name, text]) => [name.replace('charts/web/', ''), text]);
  const { archive } = await chartOf(Object.fromEntries(templates) as Record<string, string>, {
    version: '1.0.0',
  });
  const digest = createHash('sha256').update(archive).digest('hex');
  const index = `apiVersion: v1\nentries: {web: [{name: web, version: 1.0.0, urls: [web.tgz], digest: "${digest}"}]}\n`;
  charts = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end(request.url === '/index.yaml' ? index : archive);
  });
  await new Promise<void>((resolve) => charts.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  charts.closeAllConnections();
  await Promise.all([redis.close(), kubernetes.close(), new Promise((resolve) => charts.close(resolve))]);
  await rm(home, { recursive: true, force: true });
});

it('downloads a chart once, also when it is started again', async () => {
  const namespace = 'chart-cache';
  const repository = `http://127.0.0.1:${(charts.address() as AddressInfo).port}`;
  const file = (tag: string) =>
    releaseFile(tag)
      .replace('namespace: default', `namespace: ${namespace}`)
      .replace('./charts, name: web', `"${repository}", name: web, version: 1.0.0`);
  const folder = join(home, 'charts');
  const environment = { CHARTS_ALLOW_HTTP: 'true', CHARTS_CACHE_FOLDER: folder };
  const deployer = await setUp({
    redis,
    kubeconfig: join(home, 'kubeconfig'),
    namespace,
    files: { [path]: file('one') },
  });
  try {
    const first = await deployer.start(environment);
    await deployer.until('Deployed');
    await first.stop('SIGKILL');
    await deployer.start(environment);
    const commit = await deployer.commit({ [path]: file('two') });
    expect(await deployer.until('Deployed', commit, 60_000)).toMatchObject({ revision: 2 });
    expect(asked.filter((url) => url === '/web.tgz')).toHaveLength(1);
    expect(asked.filter((url) => url === '/index.yaml')).toHaveLength(2);
    expect(await readdir(folder)).toHaveLength(1);
  } finally {
    await deployer.close();
  }
});
