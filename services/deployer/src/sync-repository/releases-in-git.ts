import { type GitFile, GitRepository } from '@shipit/git';
import {
  decodeFile,
  type FileProblem,
  readReleaseDocuments,
  type ReleaseFile,
  selectReleaseFiles,
} from '@shipit/releases';
import { contentOf, type DesiredRelease, type DesiredReleases } from './desired-releases.js';

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
    const files = await Promise.all(selectReleaseFiles(all, this.folder).map((file) => this.read(file)));
    return collect(commit, files, all);
  }

  /** Forgets files that a commit does not have. */
  async keepOnly(commit: string): Promise<void> {
    const all = await this.git.listFiles(commit, '');
    const kept = new Set(selectReleaseFiles(all, this.folder).map(keyOf));
    for (const key of this.remembered.keys()) if (!kept.has(key)) this.remembered.delete(key);
  }

  private async read(file: GitFile): Promise<ReleaseFile> {
    const known = this.remembered.get(keyOf(file));
    if (known) return known;
    const read = await this.parse(file);
    this.remembered.set(keyOf(file), read);
    return read;
  }

  private async parse({ path, blob }: GitFile): Promise<ReleaseFile> {
    const decoded = decodeFile(await this.git.readBlob(blob));
    return 'problem' in decoded ? unreadable(path, decoded.problem) : readReleaseDocuments(path, decoded.text);
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
