import { GitError, type GitFile, type GitRepository } from '@shipit/git';
import { canonicalRepository, type ImageName } from '@shipit/images';
import {
  findImages,
  type ImagePlace,
  locksFileName,
  readReleaseDocuments,
  readReleaseSettings,
  type ReleaseDocument,
  type ReleaseFile,
  type ReleaseSettings,
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
  text: string;
  file: ReleaseFile;
  releases: IndexedRelease[];
}

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Which releases a commit declares, which images they use and where. Moving to another commit reads only the files
 * that changed in between. One bad file never hides the others.
 */
export class ReleaseIndex {
  private commit: string | undefined;
  private readonly files = new Map<string, IndexedFile>();
  private readonly folder: string;

  constructor(
    private readonly repository: GitRepository,
    folder: string,
  ) {
    this.folder = folder.replace(/^\.?\/+|\/+$/g, '');
  }

  get locksPath(): string {
    return this.folder ? `${this.folder}/${locksFileName}` : locksFileName;
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

  /** Files that cannot be read as YAML and name the repository somewhere. */
  unreadableMentioning(image: ImageName): string[] {
    const unreadable = [...this.files].filter(([, { file }]) => !file.isReadable);
    return unreadable.filter(([, { text }]) => text.includes(image.repository)).map(([path]) => path);
  }

  /** False where there is no such file. */
  isUnreadable(path: string): boolean {
    return this.files.get(path)?.file.isReadable === false;
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
    for (const file of await this.repository.listFiles(commit, this.folder)) await this.readFile(file);
  }

  private async readChanged(commit: string, paths: readonly string[]): Promise<void> {
    const ours = new Set(paths.filter((path) => this.isOurs(path)));
    for (const path of ours) this.files.delete(path);
    const folders = new Set([...ours].map((path) => path.slice(0, Math.max(path.lastIndexOf('/'), 0))));
    for (const folder of folders) {
      const files = await this.repository.listFiles(commit, folder);
      for (const file of files) if (ours.delete(file.path)) await this.readFile(file);
    }
  }

  private isOurs(path: string): boolean {
    return /\.ya?ml$/.test(path) && (this.folder === '' || path.startsWith(`${this.folder}/`));
  }

  private async readFile({ path, blob }: GitFile): Promise<void> {
    if (!this.isOurs(path)) return;
    const text = decode(await this.repository.readBlob(blob));
    const file = text === undefined ? without(path, false) : this.parse(path, text);
    this.files.set(path, { text: text ?? '', file, releases: file.releases.map(indexRelease) });
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

/** Keeps a byte order mark, so that writing the text back changes no other byte. Undefined for what is no UTF-8 or too big. */
function decode(bytes: Uint8Array): string | undefined {
  if (bytes.byteLength > MAX_FILE_BYTES) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function without(path: string, isReadable: boolean): ReleaseFile {
  return { path, isReadable, releases: [], problems: [] };
}
