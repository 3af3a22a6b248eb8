import type { ReleasesInGit } from './releases-in-git.js';

/** Answers what the engine asks of git. */
export class RepositoryReader {
  constructor(private readonly source: ReleasesInGit) {}

  /** The files below a folder at a commit, by their path in it. */
  async readFolder(commit: string, folder: string): Promise<ReadonlyMap<string, Uint8Array>> {
    const { git } = this.source;
    const files = await git.listFiles(commit, folder).catch(async () => {
      // Another replica may have seen a commit that this clone has not.
      await git.fetch();
      return git.listFiles(commit, folder);
    });
    const start = folder === '' ? 0 : folder.length + 1;
    const read = files.map(async ({ path, blob }) => [path.slice(start), await git.readBlob(blob)] as const);
    return new Map(await Promise.all(read));
  }

  /** Whether the tip declares a release; unknown while a file cannot be read and the others do not declare it. */
  async isDeclared(key: string): Promise<'declared' | 'gone' | 'unknown'> {
    const desired = await this.source.at(await this.source.git.fetch());
    if (desired.releases.has(key)) return 'declared';
    return desired.isComplete ? 'gone' : 'unknown';
  }
}
