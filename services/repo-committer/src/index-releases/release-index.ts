import { GitError, type GitFile, type GitRepository } from '@shipit/git';
import { canonicalRepository, type ImageName } from '@shipit/images';
import {
  decodeFile,
  findImages,
  type ImagePlace,
  locateImages,
  locksFileName,
  readLocksFile,
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
  /** Of locks.yaml. */
  locks?: ReadLocks;
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

  locks(): ReadLocks {
    return this.files.get(this.locksPath)?.locks ?? readLocksFile(undefined);
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
    const bytes = await this.repository.readBlob(blob);
    const decoded = decodeFile(bytes);
    const text = 'text' in decoded ? decoded.text : '';
    if (path === this.locksPath) {
      this.files.set(path, { text, locks: readLocksFile(bytes), file: without(path, true), releases: [] });
      return;
    }
    const file = 'text' in decoded ? readReleaseDocuments(path, text) : without(path, false);
    this.files.set(path, { text, file, releases: file.releases.map(indexRelease) });
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
