import { ArchiveCache } from './archive-cache.js';
import { ChartError } from './chart-error.js';
import type { ChartSource } from './chart-source.js';
import { GitChartSource, type GitChartSourceOptions } from './git-chart-source.js';
import { HttpsChartSource, type HttpsChartSourceOptions } from './https-chart-source.js';
import type { HelmEngine } from './helm-engine.js';
import { OciChartSource, type OciChartSourceOptions } from './oci-chart-source.js';
import { RepositoryPathSource } from './repository-path-source.js';
import { S3ChartSource, type S3ChartSourceOptions } from './s3-chart-source.js';

export type ChartSourceChooser = (repository: string) => ChartSource;

export type ChartSourceOptions = HttpsChartSourceOptions &
  OciChartSourceOptions &
  S3ChartSourceOptions &
  GitChartSourceOptions;

/** One of each source, and the function that finds the one for a `spec.chart.repository`. */
export function chartSources(engine: HelmEngine, settings: ChartSourceOptions = {}): ChartSourceChooser {
  const options = { archives: new ArchiveCache(settings.cacheFolder), ...settings };
  const inRepository = new RepositoryPathSource(engine);
  const overHttps = new HttpsChartSource(engine, options);
  const inGit = new GitChartSource(engine, options);
  const byScheme: Record<string, ChartSource> = {
    https: overHttps,
    'git+https': inGit,
    ...(options.allowPlainHttp && { http: overHttps, 'git+http': inGit }),
    oci: new OciChartSource(engine, options),
    s3: new S3ChartSource(engine, options),
  };
  return (repository) => {
    if (repository === '.' || repository.startsWith('./')) return inRepository;
    const [, scheme = ''] = /^([a-z0-9+]+):\/\//.exec(repository) ?? [];
    const source = Object.hasOwn(byScheme, scheme) ? byScheme[scheme] : undefined;
    if (source) return source;
    const hint = /^[\w-][\w./-]*$/.test(repository) ? `; write ./${repository} for a folder` : '';
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `Chart repository ${JSON.stringify(repository)}: supported are https:// chart repositories, oci:// registries, s3:// buckets, git+https:// repositories and ./folders of the GitOps repository${hint}`,
    );
  };
}
