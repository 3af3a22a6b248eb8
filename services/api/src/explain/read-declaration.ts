import { type HelmRelease, releaseKey, syncAnnotations } from '@shipit/contracts';
import { type GitCommit, GitRepository, wasChangedSince } from '@shipit/git';
import {
  decodeFile,
  findImages,
  ImageHistory,
  type ImagePlace,
  locksFileName,
  readLocksFile,
  type ReadLocks,
  readReleaseDocuments,
  readReleaseSettings,
  type ReleaseDocument,
  type ReleaseSettings,
} from '@shipit/releases';

/** What the branch says about one release at one commit. */
export interface Declaration {
  path: string;
  text: string;
  document: ReleaseDocument;
  settings: ReleaseSettings;
  images: readonly ImagePlace[];
  locks: ReadLocks;
}

/** Reads a release's own document, and the locks, where the deployer found them. */
export class ReadDeclaration {
  readonly history: ImageHistory;
  private readonly locksPath: string;

  constructor(
    private readonly repository: GitRepository,
    folder: string,
  ) {
    this.history = new ImageHistory(repository);
    const root = folder.replace(/^\.?\/+|\/+$/g, '');
    this.locksPath = root ? `${root}/${locksFileName}` : locksFileName;
  }

  /** Undefined where the file is not on the branch any more, cannot be read or does not declare the release. */
  async of({ metadata }: HelmRelease, tip: string): Promise<Declaration | undefined> {
    const path = metadata.annotations?.[syncAnnotations.path];
    const bytes = path === undefined ? undefined : await this.read(tip, path);
    if (path === undefined || bytes === undefined) return undefined;
    const decoded = decodeFile(bytes);
    if ('problem' in decoded) return undefined;
    const { text } = decoded;
    const key = releaseKey(metadata);
    const document = readReleaseDocuments(path, text).releases.find((one) => one.key === key);
    if (!document) return undefined;
    return {
      path,
      text,
      document,
      settings: readReleaseSettings(document.annotations),
      images: findImages(document.value),
      locks: readLocksFile(await this.read(tip, this.locksPath)),
    };
  }

  /** @param commits The branch's newest, newest first. */
  wasChangedSince({ path }: Declaration, since: Date, commits: readonly GitCommit[]): Promise<boolean> {
    return wasChangedSince(this.repository, commits, { path, since });
  }

  private async read(tip: string, path: string): Promise<Uint8Array | undefined> {
    const files = await this.repository.listFiles(tip, path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
    const file = files.find((one) => one.path === path);
    return file && (await this.repository.readBlob(file.blob));
  }
}
