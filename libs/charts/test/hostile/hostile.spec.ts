import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChartError } from '../../src/chart-error.js';
import type { RenderedChart, RenderRequest } from '../../src/chart-renderer.js';
import { HelmEngine } from '../../src/helm-engine.js';
import { HelmRenderer } from '../../src/helm-renderer.js';
import { chartOf } from '../../src/in-memory-chart-source.js';
import { digestOf } from '../../src/pack-chart.js';
import { readArchive } from '../../src/read-archive.js';
import { hostileArchives } from './hostile-archives.js';
import { hostileCharts } from './hostile-charts.js';
import type { HostileBench, HostileRow } from './hostile-row.js';
import { hostileTemplates } from './hostile-templates.js';

const rows: HostileRow[] = [...hostileArchives, ...hostileCharts, ...hostileTemplates];
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
    const outcome = await run(bench(expected === 'SHIPIT_CHART_DEADLINE' ? impatient : engine)).then(
      () => 'harmless: ',
      (error: unknown) => (error instanceof ChartError ? `${error.code}: ${error.message}` : String(error)),
    );
    expect(outcome.slice(0, 1000)).toMatch(new RegExp(`^${expected}: `));
    expect(outcome).toContain(says ?? '');
  });
});

function bench(engine: HelmEngine): HostileBench {
  const renderer = new HelmRenderer(engine);
  const render = (chart: RenderRequest['chart'], request: Partial<RenderRequest> = {}): Promise<RenderedChart> =>
    renderer.render({ chart, values: [], name: 'shop', namespace: 'prod', revision: 1, isUpgrade: false, ...request });
  return {
    ...{ engine, token, cacheFolder },
    render: async (files, request) => render(await chartOf(files), request),
    takeArchive: async (archive) => {
      await readArchive('Reading it', archive);
      return render({ archive, name: 'web', version: '1.2.3', digest: digestOf(archive) });
    },
    onEnd: (close) => closing.push(close),
  };
}
