import { ChartError } from './chart-error.js';
import type { ChartSource } from './chart-source.js';
import { HttpsChartSource, type HttpsChartSourceOptions } from './https-chart-source.js';
import type { HelmEngine } from './helm-engine.js';
import { RepositoryPathSource } from './repository-path-source.js';

export type ChartSourceChooser = (repository: string) => ChartSource;

/** One of each source, and the function that finds the one for a `spec.chart.repository`. */
export function chartSources(engine: HelmEngine, options: HttpsChartSourceOptions = {}): ChartSourceChooser {
  const inRepository = new RepositoryPathSource(engine);
  const overHttps = new HttpsChartSource(engine, options);
  return (repository) => {
    if (repository === '.' || repository.startsWith('./')) return inRepository;
    if (repository.startsWith('https://') || (options.allowPlainHttp && repository.startsWith('http://')))
      return overHttps;
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `Chart repository ${JSON.stringify(repository)}: supported are https:// chart repositories and ./folders of the GitOps repository`,
    );
  };
}
