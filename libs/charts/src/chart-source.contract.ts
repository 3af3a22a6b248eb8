import { describe, expect, it } from 'vitest';
import type { ChartArchive } from './chart-renderer.js';
import type { ChartContext, ChartSource } from './chart-source.js';
import { chartOf } from './in-memory-chart-source.js';
import { readArchive } from './read-archive.js';

/** A source that has exactly this chart, at `repository`. */
export interface ChartSourceBench {
  source: ChartSource;
  repository: string;
  context: ChartContext;
}

/** silent: takes the question and never answers; endless: an answer that never ends; hostile: a chart with a link in it. */
export type ChartSourceFault = 'silent' | 'endless' | 'hostile';

/** What every source of charts does; `setUpFault` is for those that ask a server, and waits at most a second for it. */
export function chartSourceContract(
  title: string,
  setUp: (chart: ChartArchive) => Promise<ChartSourceBench>,
  setUpFault?: (fault: ChartSourceFault) => Promise<ChartSourceBench>,
): void {
  describe(`${title}, as a source of charts`, () => {
    it('gives a chart with its name, version and content, and the same digest each time', async () => {
      const { fetch, files } = await stocked();
      const first = await fetch('web', '1.2.3');
      expect(first).toMatchObject({ name: 'web', version: '1.2.3' });
      expect(first.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(await readArchive('Reading it', first.archive)).toEqual(files);
      expect((await fetch('web', '1.2.3')).digest).toBe(first.digest);
    });

    it('gives the same content under the same digest after a restart', async () => {
      const [one, other] = [await stocked(), await stocked()];
      expect((await other.fetch('web', '1.2.3')).digest).toBe((await one.fetch('web', '1.2.3')).digest);
    });

    it.each([
      ['another version', 'web', '1.2.4'],
      ['another name', 'api', '1.2.3'],
    ])('says that %s is not there', async (_what, name, version) => {
      const { fetch } = await stocked();
      await expect(fetch(name, version)).rejects.toMatchObject({ code: 'SHIPIT_CHART_NOT_FOUND', isTransient: false });
    });

    if (!setUpFault) return;

    it.each([
      ['a server that does not answer for longer than allowed', 'silent', 'SHIPIT_CHART_DOWNLOAD', true],
      ['an answer that never ends beyond its limit', 'endless', 'SHIPIT_CHART_DOWNLOAD', false],
      ['a chart with a link in it', 'hostile', 'SHIPIT_CHART_ARCHIVE', false],
    ] as const)('does not take %s', async (_what, fault, code, isTransient) => {
      const { source, repository, context } = await setUpFault(fault);
      const fetching = source.fetch({ repository, name: 'web', version: '1.2.3' }, context);
      await expect(fetching).rejects.toMatchObject({ name: 'ChartError', code, isTransient });
    });
  });

  async function stocked(): Promise<{
    fetch: (name: string, version: string) => Promise<ChartArchive>;
    files: Map<string, Uint8Array>;
  }> {
    const chart = await chartOf({ 'values.yaml': 'a: 1', 'templates/a.yaml': 'a: {{ .Values.a }}' });
    const { source, repository, context } = await setUp(chart);
    return {
      fetch: (name, version) => source.fetch({ repository, name, version }, context),
      files: await readArchive('Reading it', chart.archive),
    };
  }
}
