import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChartError, type ChartErrorCode } from '../../src/chart-error.js';
import type { RenderedChart, RenderRequest } from '../../src/chart-renderer.js';
import { HelmEngine } from '../../src/helm-engine.js';
import { HelmRenderer } from '../../src/helm-renderer.js';
import { chartOf } from '../../src/in-memory-chart-source.js';
import { digestOf } from '../../src/pack-chart.js';
import { readArchive } from '../../src/read-archive.js';
import { hostileArchives } from './hostile-archives.js';
import { hostileCharts } from './hostile-charts.js';
import { hostileRecords } from './hostile-records.js';
import { hostileRegistries } from './hostile-registries.js';
import type { HostileBench, HostileRow } from './hostile-row.js';
import { hostileServers } from './hostile-servers.js';
import { hostileTemplates } from './hostile-templates.js';

const rows: HostileRow[] = [
  ...hostileArchives,
  ...hostileCharts,
  ...hostileTemplates,
  ...hostileServers,
  ...hostileRegistries,
  ...hostileRecords,
];
/** All but `SHIPIT_RECORD_EXISTS`, for which it takes somebody else. */
const caused: ChartErrorCode[] = [
  'SHIPIT_CHART_SOURCE',
  'SHIPIT_CHART_NOT_FOUND',
  'SHIPIT_CHART_DOWNLOAD',
  'SHIPIT_CHART_DIGEST',
  'SHIPIT_CHART_ARCHIVE',
  'SHIPIT_CHART_INVALID',
  'SHIPIT_CHART_VALUES',
  'SHIPIT_CHART_SCHEMA',
  'SHIPIT_CHART_TEMPLATE',
  'SHIPIT_CHART_TOO_LARGE',
  'SHIPIT_CHART_DEADLINE',
  'SHIPIT_CHART_CRASH',
  'SHIPIT_RECORD_TOO_LARGE',
  'SHIPIT_RECORD_UNREADABLE',
];
const engine = new HelmEngine({ workers: 2, deadlineSeconds: 20 });
/** For what takes as long as it may. */
const impatient = new HelmEngine({ workers: 1, deadlineSeconds: 1 });
const token = `hostile-${randomUUID()}`;
const closing: (() => Promise<void>)[] = [];
let cacheFolder: string;
beforeAll(async () => (cacheFolder = await mkdtemp(join(tmpdir(), 'shipit-'))));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(async () => {
  await Promise.all([engine.close(), impatient.close()]);
  await rm(cacheFolder, { recursive: true });
});

describe('what means harm', () => {
  it.each(rows)('$what: $expected', async ({ expected, says, run }) => {
    const used = expected === 'SHIPIT_CHART_DEADLINE' ? impatient : engine;
    const timeoutSeconds = says === 'no whole answer within' ? 0.5 : 5;
    const outcome = await run(bench(used, timeoutSeconds)).then(
      () => 'harmless: ',
      (error: unknown) => (error instanceof ChartError ? `${error.code}: ${error.message}` : String(error)),
    );
    expect(outcome.slice(0, 1000)).toMatch(new RegExp(`^${expected}: `));
    expect(outcome).toContain(says ?? '');
    expect(outcome).toMatch(/^[\P{Cc}\n\t]*$/u);
  });
});

describe('after all that', () => {
  it.each([engine, impatient])('good charts are rendered', async (used) => {
    const good = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: good}\n';
    const rendered = await bench(used).render({ 'templates/it.yaml': good });
    expect(rendered.manifests.map(({ metadata }) => metadata.name)).toEqual(['good']);
  });

  it('nothing was written but archives by digest into the cache', async () => {
    const places = [tmpdir(), homedir(), '/', process.cwd(), dirname(process.cwd()), cacheFolder];
    const names = (await Promise.all(places.map((place) => readdir(place)))).flat();
    expect(names.filter((name) => name.includes(token))).toEqual([]);
    const kept = await readdir(cacheFolder);
    expect(kept.filter((name) => !/^sha256-[0-9a-f]{64}\.tgz$/.test(name))).toEqual([]);
  });

  it('the memory of the process is within its bounds', () => {
    expect(process.memoryUsage().rss).toBeLessThan(2 * 2 ** 30);
  });

  it('each kind of refusal that a chart or its server can cause was seen, in more than 200 different ways', () => {
    expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(200);
    const seen = new Set(rows.map(({ expected }) => expected).filter((code) => code !== 'harmless'));
    expect([...seen].sort()).toEqual([...caused].sort());
  });
});

function bench(engine: HelmEngine, timeoutSeconds = 5): HostileBench {
  const renderer = new HelmRenderer(engine);
  const render = (chart: RenderRequest['chart'], request: Partial<RenderRequest> = {}): Promise<RenderedChart> =>
    renderer.render({ chart, values: [], name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false, ...request });
  return {
    ...{ engine, token, cacheFolder, timeoutSeconds },
    render: async (files, request) => render(await chartOf(files), request),
    takeArchive: async (archive) => {
      await readArchive('Reading it', archive);
      return render({ archive, name: 'web', version: '1.2.3', digest: digestOf(archive) });
    },
    onEnd: (close) => closing.push(close),
  };
}
