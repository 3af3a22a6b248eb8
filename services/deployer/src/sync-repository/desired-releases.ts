import { idOf, type HelmReleaseSpec } from '@shipit/contracts';
import type { GitFile } from '@shipit/git';
import { chartFolderOf, type FileProblem, type ReleaseDocument } from '@shipit/releases';
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

export function contentOf(spec: HelmReleaseSpec, files: readonly GitFile[]): string {
  const folder = chartFolderOf(spec);
  const chart = folder === undefined ? [] : files.filter(({ path }) => path.startsWith(`${folder}/`));
  return idOf('content', canonicalJson(spec), ...chart.map(({ path, blob, mode }) => `${path} ${blob} ${mode}`));
}
