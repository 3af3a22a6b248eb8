import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startOciRegistry } from '@shipit/embedded';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { chartSources } from './chart-source-for.js';
import { HelmEngine } from './helm-engine.js';
import { chartOf } from './in-memory-chart-source.js';
import { digestOf } from './pack-chart.js';

const engine = new HelmEngine({ workers: 1 });
const servers: Server[] = [];
afterAll(() => engine.close());
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

describe('the sources of charts', () => {
  it('keep an archive once for all of them: what a registry gave is not got again from a repository', async () => {
    const { archive, name, version } = await chartOf({});
    const registry = await startOciRegistry();
    registry.pushChart('team/web', version, archive);
    const asked: string[] = [];
    const entry = `{name: web, version: ${version}, digest: ${digestOf(archive).slice(7)}, urls: [web.tgz]}`;
    const origin = await listen((path) => {
      asked.push(path);
      return path === '/index.yaml' ? `entries:\n  web:\n  - ${entry}\n` : archive;
    });
    const chooseSource = chartSources(engine, { allowPlainHttp: true });
    const digests: string[] = [];
    for (const repository of [`oci://${registry.host}/team`, origin]) {
      digests.push((await chooseSource(repository).fetch({ repository, name, version }, {})).digest);
    }
    await registry.close();
    expect(digests).toEqual([digestOf(archive), digestOf(archive)]);
    expect(asked).toEqual(['/index.yaml']);
  });
});

async function listen(answer: (path: string) => string | Uint8Array): Promise<string> {
  const server = createServer((request, response) => response.end(answer(request.url ?? '')));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
