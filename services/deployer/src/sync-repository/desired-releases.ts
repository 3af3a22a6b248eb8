import { idOf, type HelmReleaseSpec } from '@shipit/contracts';
import type { GitFile } from '@shipit/git';
import type { FileProblem, ReleaseDocument } from '@shipit/releases';
import { canonicalJson } from '../release-objects/canonical-json.js';

/** A release as one commit declares it. */
export interface DesiredRelease {
  document: ReleaseDocument;
  /** Equal where the same would run: of the spec and, for a chart in the repository, of the chart's files. Absent where the schema refused the document. */
  content: string | undefined;
}

/** What one commit of the repository says should run. */
export interface DesiredReleases {
  commit: string;
  releases: ReadonlyMap<string, DesiredRelease>;
  /** Releases that more than one document declares, with the paths. */
  duplicates: ReadonlyMap<string, readonly string[]>;
  problems: readonly FileProblem[];
  /** False where a file cannot be read: then it is not known what has been removed. */
  isComplete: boolean;
}

/** The folder of a chart that lies in the repository; undefined for charts from elsewhere. */
export function chartFolderOf(spec: HelmReleaseSpec): string | undefined {
  const { repository, name } = spec.chart;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(repository)) return undefined;
  const parts = `${repository}/${name}`.split('/').filter((part) => part !== '' && part !== '.');
  return parts.join('/');
}

export function contentOf(spec: HelmReleaseSpec, files: readonly GitFile[]): string {
  const folder = chartFolderOf(spec);
  const chart = folder === undefined ? [] : files.filter(({ path }) => path.startsWith(`${folder}/`));
  return idOf('content', canonicalJson(spec), ...chart.map(({ path, blob, mode }) => `${path} ${blob} ${mode}`));
}
