import { GitError, type GitFile, type GitRepository } from '@shipit/git';
import { canonicalRepository, type ImageName } from '@shipit/images';
import {
  decodeFile,
  findImages,
  type ImagePlace,
  locateImages,
  locksFileName,
  readLocks,
  type ReadLocks,
  readReleaseDocuments,
  readReleaseSettings,
  type ReleaseDocument,
  type ReleaseFile,
  type ReleaseSettings,
  selectReleaseFiles,
} from '@shipit/releases';

/** A release as its file declares it at the indexed commit. */
export interface IndexedRelease {
  key: string;
  path: string;
  document: ReleaseDocument;
  settings: ReleaseSettings;
  /** Repository, whichever of its registry's names the file uses → where its images stand. */
  images: ReadonlyMap<string, readonly ImagePlace[]>;
}

interface IndexedFile {
  /** Empty where it is no text. */
  text: string;
  /** Why it is none. */
  undecoded?: string;
  file: ReleaseFile;
  releases: IndexedRelease[];
}

/**
 * Which releases a commit declares, which images they use and where. Moving to another commit reads only the files
 * that changed in between. One bad file never hides the others.
 */
export class ReleaseIndex {
  private commit: string | undefined;
  private readonly files = new Map<string, IndexedFile>();
  private readonly folder: string;
  private charts: readonly { path: string }[] = [];

  constructor(
    private readonly repository: GitRepository,
    folder: string,
  ) {
    this.folder = folder.replace(/^\.?\/+|\/+$/g, '');
  }

  get locksPath(): string {
    return `${this.prefix}${locksFileName}`;
  }

  async moveTo(commit: string): Promise<void> {
    if (commit === this.commit) return;
    const changed = this.commit === undefined ? undefined : await this.changedSince(this.commit, commit);
    // Until all is read the index is of no commit: a failure half-way starts over.
    this.commit = undefined;
    if (changed) await this.readChanged(commit, changed);
    else await this.readAll(commit);
    this.commit = commit;
  }

  /** In every readable file. */
  all(): IndexedRelease[] {
    return [...this.files.values()].flatMap((file) => file.releases);
  }

  /** Undefined where no readable file declares it, or more than one document does. */
  find(key: string): IndexedRelease | undefined {
    const found = this.all().filter((release) => release.key === key);
    return found.length === 1 ? found[0] : undefined;
  }

  /** Releases in whose document an image of the repository stands. */
  using(image: ImageName): IndexedRelease[] {
    const repository = canonicalRepository(image);
    return this.all().filter((release) => release.images.has(repository));
  }

  isDeclaredTwice(key: string): boolean {
    return this.all().filter((release) => release.key === key).length > 1;
  }

  /** Files of which nobody can tell which releases they hold, and which seem to name the image. */
  unreadableMentioning(image: ImageName): string[] {
    const unreadable = [...this.files].filter(([, { file }]) => !file.isReadable);
    return unreadable.filter(([, { text }]) => seemsToName(text, image)).map(([path]) => path);
  }

  /** False where there is no such file. */
  isUnreadable(path: string): boolean {
    return this.files.get(path)?.file.isReadable === false;
  }

  /** What is no text at all says as little of locks as what is no YAML. */
  locks(): ReadLocks {
    const reason = this.files.get(this.locksPath)?.undecoded;
    if (reason === undefined) return readLocks(this.text(this.locksPath));
    const place = { line: 1, column: 1 };
    return { ok: false, problem: `${locksFileName} ${reason}`, reason: `The file ${reason}`, ...place };
  }

  text(path: string): string | undefined {
    return this.files.get(path)?.text;
  }

  private async changedSince(from: string, to: string): Promise<string[] | undefined> {
    try {
      return await this.repository.changedPaths(from, to);
    } catch (error) {
      // The clone was made anew after a force-push and does not know the old commit any more.
      if (error instanceof GitError && error.code === 'SHIPIT_GIT_NOT_FOUND') return undefined;
      throw error;
    }
  }

  private async readAll(commit: string): Promise<void> {
    this.files.clear();
    const all = await this.repository.listFiles(commit, this.folder);
    this.charts = all.filter(({ path }) => isChart(path));
    for (const file of this.ours(all)) await this.readFile(file);
  }

  private async readChanged(commit: string, paths: readonly string[]): Promise<void> {
    // Where a chart came or went, other files than the changed ones become ours, or no longer are.
    if (paths.some((path) => isChart(path) && path.startsWith(this.prefix))) return this.readAll(commit);
    const ours = new Set(this.ours([...this.charts, ...paths.map((path) => ({ path }))]).map(({ path }) => path));
    for (const path of ours) this.files.delete(path);
    const folders = new Set([...ours].map((path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))));
    for (const folder of folders) {
      const files = await this.repository.listFiles(commit, folder);
      for (const file of files) if (ours.delete(file.path)) await this.readFile(file);
    }
  }

  /** What the deployer reads, and the locks. */
  private ours<F extends { path: string }>(files: readonly F[]): F[] {
    return [...selectReleaseFiles(files, this.folder), ...files.filter(({ path }) => path === this.locksPath)];
  }

  private get prefix(): string {
    return this.folder ? `${this.folder}/` : '';
  }

  private async readFile({ path, blob }: GitFile): Promise<void> {
    const decoded = decodeFile(await this.repository.readBlob(blob));
    if ('problem' in decoded) {
      this.files.set(path, { text: '', undecoded: decoded.problem, file: without(path, false), releases: [] });
      return;
    }
    const file = this.parse(path, decoded.text);
    this.files.set(path, { text: decoded.text, file, releases: file.releases.map(indexRelease) });
  }

  private parse(path: string, text: string): ReleaseFile {
    return path === this.locksPath ? without(path, true) : readReleaseDocuments(path, text);
  }
}

export function indexRelease(document: ReleaseDocument): IndexedRelease {
  return {
    key: document.key,
    path: document.path,
    document,
    settings: readReleaseSettings(document.annotations),
    images: byRepository(findImages(document.value)),
  };
}

function byRepository(places: readonly ImagePlace[]): Map<string, ImagePlace[]> {
  const found = new Map<string, ImagePlace[]>();
  for (const place of places) {
    const repository = canonicalRepository(place.image);
    found.set(repository, [...(found.get(repository) ?? []), place]);
  }
  return found;
}

function isChart(path: string): boolean {
  return /(^|\/)Chart\.yaml$/.test(path);
}

function seemsToName(text: string, image: ImageName): boolean {
  const found = locateImages(text, image);
  return found.outcome === 'refused' || found.places.length > 0;
}

function without(path: string, isReadable: boolean): ReleaseFile {
  return { path, isReadable, releases: [], problems: [] };
}
