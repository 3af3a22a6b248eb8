import { ChartError } from './chart-error.js';
import type { ChartArchive } from './chart-renderer.js';
import { ChartSource, type ChartContext, type ChartReference } from './chart-source.js';
import type { HelmEngine } from './helm-engine.js';
import { packChecked } from './pack-checked.js';

/** Charts that lie in the GitOps repository itself: repository `./charts` and name `web` is the folder `charts/web`. */
export class RepositoryPathSource extends ChartSource {
  constructor(private readonly engine: HelmEngine) {
    super();
  }

  override async fetch(chart: ChartReference, context: ChartContext): Promise<ChartArchive> {
    const folder = folderOf(chart);
    const subject = `Reading chart ${folder} of the repository`;
    if (!context.readRepository) {
      throw new ChartError(
        'SHIPIT_CHART_SOURCE',
        `${subject}: there is no repository here; use an https:// repository`,
      );
    }
    const files = await context.readRepository(folder);
    if (!files.has('Chart.yaml')) {
      throw new ChartError('SHIPIT_CHART_NOT_FOUND', `${subject}: ${folder}/Chart.yaml does not exist at this commit`);
    }
    return packChecked(this.engine, subject, chart, files);
  }
}

/** The folder in the repository, without a leading `./`. */
function folderOf({ repository, name }: ChartReference): string {
  const parts = [...repository.split('/'), name].filter((part) => part !== '' && part !== '.');
  if (repository.startsWith('/') || name.includes('/') || parts.some((part) => part === '..' || part.includes('\\'))) {
    throw new ChartError(
      'SHIPIT_CHART_SOURCE',
      `Chart ${name} of ${repository}: a path in the repository starts with ./ and stays inside of it`,
    );
  }
  return parts.join('/');
}
