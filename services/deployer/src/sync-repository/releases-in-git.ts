import { type GitFile, GitRepository } from '@shipit/git';
import { locksFileName, readReleaseDocuments, type FileProblem, type ReleaseFile } from '@shipit/releases';
import { contentOf, type DesiredRelease, type DesiredReleases } from './desired-releases.js';

const maxFileBytes = 1024 * 1024;

/**
 * Reads what a commit declares. Files are read once: a file of the same path and content is remembered for as long as
 * one of the commits read last had it.
 */
export class ReleasesInGit {
  private remembered = new Map<string, ReleaseFile>();

  constructor(
    readonly git: GitRepository,
    private readonly folder: string,
  ) {}

  async at(commit: string): Promise<DesiredReleases> {
    const all = await this.git.listFiles(commit, '');
    const files = await Promise.all(this.releaseFiles(all).map((file) => this.read(file)));
    return collect(commit, files, all);
  }

  /** Forgets files that a commit does not have. */
  async keepOnly(commit: string): Promise<void> {
    const kept = new Set(this.releaseFiles(await this.git.listFiles(commit, '')).map(keyOf));
    for (const key of this.remembered.keys()) if (!kept.has(key)) this.remembered.delete(key);
  }

  /** Templates of charts look like YAML and are not. */
  private releaseFiles(all: readonly GitFile[]): GitFile[] {
    const root = this.folder === '' ? '' : `${this.folder.replace(/\/+$/, '')}/`;
    const charts = all
      .filter(({ path }) => /(^|\/)Chart\.yaml$/.test(path))
      .map(({ path }) => path.slice(0, -'Chart.yaml'.length));
    return all.filter(
      ({ path }) =>
        path.startsWith(root) &&
        /\.ya?ml$/.test(path) &&
        path !== `${root}${locksFileName}` &&
        !charts.some((chart) => path.startsWith(chart)),
    );
  }

  private async read(file: GitFile): Promise<ReleaseFile> {
    const known = this.remembered.get(keyOf(file));
    if (known) return known;
    const read = await this.parse(file);
    this.remembered.set(keyOf(file), read);
    return read;
  }

  private async parse({ path, blob }: GitFile): Promise<ReleaseFile> {
    const bytes = await this.git.readBlob(blob);
    if (bytes.byteLength > maxFileBytes) return unreadable(path, 'is larger than 1 MiB');
    try {
      return readReleaseDocuments(path, new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
    } catch {
      return unreadable(path, 'is not UTF-8');
    }
  }
}

function keyOf({ path, blob }: GitFile): string {
  return `${blob} ${path}`;
}

function unreadable(path: string, message: string): ReleaseFile {
  return { path, isReadable: false, releases: [], problems: [{ path, message, line: 1, column: 1 }] };
}

function collect(commit: string, files: readonly ReleaseFile[], all: readonly GitFile[]): DesiredReleases {
  const releases = new Map<string, DesiredRelease>();
  const paths = new Map<string, string[]>();
  for (const document of files.flatMap((file) => file.releases)) {
    releases.set(document.key, { document, content: document.spec && contentOf(document.spec, all) });
    paths.set(document.key, [...(paths.get(document.key) ?? []), document.path]);
  }
  const problems: FileProblem[] = files.flatMap((file) => file.problems);
  return {
    commit,
    releases,
    duplicates: new Map([...paths].filter(([, declaring]) => declaring.length > 1)),
    problems,
    isComplete: files.every((file) => file.isReadable),
  };
}
