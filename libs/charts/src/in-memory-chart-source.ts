import { ChartError } from './chart-error.js';
import type { ChartArchive } from './chart-renderer.js';
import { type ChartReference, ChartSource } from './chart-source.js';
import { packChart } from './pack-chart.js';

/** Charts that were put in, for tests. */
export class InMemoryChartSource extends ChartSource {
  readonly #charts = new Map<string, ChartArchive>();

  add(repository: string, chart: ChartArchive): void {
    this.#charts.set(keyOf({ repository, name: chart.name, version: chart.version }), chart);
  }

  override async fetch(reference: ChartReference): Promise<ChartArchive> {
    const chart = this.#charts.get(keyOf(reference));
    if (chart) return Promise.resolve(chart);
    throw new ChartError('SHIPIT_CHART_NOT_FOUND', `Chart ${keyOf(reference)} does not exist`);
  }
}

/** A chart from the text of its files; `Chart.yaml` is made up where it is not given. */
export async function chartOf(
  files: Record<string, string>,
  { name = 'web', version = '1.2.3' } = {},
): Promise<ChartArchive> {
  return packChart(name, version, chartFiles(files, { name, version }));
}

export function chartFiles(
  files: Record<string, string>,
  { name = 'web', version = '1.2.3' } = {},
): Map<string, Uint8Array> {
  const all = { 'Chart.yaml': `apiVersion: v2\nname: ${name}\nversion: ${version}\n`, ...files };
  return new Map(Object.entries(all).map(([path, text]) => [path, Buffer.from(text)]));
}

function keyOf({ repository, name, version }: ChartReference): string {
  return `${repository} ${name} ${version}`;
}
