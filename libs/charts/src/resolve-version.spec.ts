import {
  type EmbeddedChartRepository,
  type EmbeddedOciRegistry,
  startChartRepository,
  startOciRegistry,
} from '@shipit/embedded';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HelmEngine } from './helm-engine.js';
import { HttpsChartSource } from './https-chart-source.js';
import { chartOf } from './in-memory-chart-source.js';
import { OciChartSource } from './oci-chart-source.js';
import { RepositoryPathSource } from './repository-path-source.js';

const versions = ['1.0.0', '1.2.0', '1.10.0', '1.10.0+build.2', '2.0.0-rc.1', '0.9.0'];
const ranges: [range: string, found: string | RegExp][] = [
  ['', '1.10.0'],
  ['^1', '1.10.0'],
  ['~1.2', '1.2.0'],
  ['1.x', '1.10.0'],
  ['<1', '0.9.0'],
  ['>=1.0.0, <1.5', '1.2.0'],
  ['>0.0.0-0', '2.0.0-rc.1'],
  ['1.2', '1.2.0'],
  ['2.0.0-rc.1', '2.0.0-rc.1'],
  ['^9', /not found|could not locate/],
  ['newest', /is neither a version nor a range/],
];

const engine = new HelmEngine({ workers: 1 });
let repository: EmbeddedChartRepository;
let registry: EmbeddedOciRegistry;
beforeAll(async () => {
  const charts = await Promise.all(versions.map((version) => chartOf({}, { version })));
  repository = await startChartRepository({
    charts: new Map(charts.map(({ version, archive }) => [`web-${version}.tgz`, archive])),
  });
  registry = await startOciRegistry({ tagsOfPage: 2 });
  for (const { version, archive } of charts) registry.pushChart('team/web', version.replace('+', '_'), archive);
  registry.pushManifest('team/web', 'latest', { type: 'x', body: new Uint8Array() });
});
afterAll(async () => {
  await engine.close();
  await repository.close();
  await registry.close();
});

describe('the version that is taken for a range', () => {
  it.each(ranges)('"%s" in the index of a repository is %s', async (version, found) => {
    const source = new HttpsChartSource(engine, { ca: repository.ca });
    await expectVersion(source.resolveVersion({ repository: repository.url, name: 'web', version }), found);
  });

  it.each(ranges)('"%s" among the tags of a registry is %s', async (version, found) => {
    const source = new OciChartSource(engine, { allowPlainHttp: true });
    await expectVersion(
      source.resolveVersion({ repository: `oci://${registry.host}/team`, name: 'web', version }),
      found,
    );
  });

  it('is refused for a chart that is not there', async () => {
    const overHttps = new HttpsChartSource(engine, { ca: repository.ca });
    const missing = overHttps.resolveVersion({ repository: repository.url, name: 'none', version: '' });
    await expect(missing).rejects.toThrow(`chart "none" not found in ${repository.url} repository`);
    const inRegistry = new OciChartSource(engine, { allowPlainHttp: true });
    const untagged = inRegistry.resolveVersion({
      repository: `oci://${registry.host}/team`,
      name: 'none',
      version: '',
    });
    await expect(untagged).rejects.toMatchObject({ code: 'SHIPIT_CHART_NOT_FOUND' });
  });

  it('is what was written where a source cannot list versions', async () => {
    const source = new RepositoryPathSource(engine);
    expect(await source.resolveVersion({ repository: './charts', name: 'web', version: '^1' })).toBe('^1');
  });
});

async function expectVersion(resolved: Promise<string>, found: string | RegExp): Promise<void> {
  if (typeof found === 'string') expect((await resolved).replace(/\+build.2$/, '')).toBe(found);
  else await expect(resolved).rejects.toThrow(found);
}
