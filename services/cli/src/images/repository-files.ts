import { GitError, type GitFile, type GitRepository } from '@shipit/git';
import type { ImageToSet } from '@shipit/releases';
import { CliError } from '../output/cli-error.js';
import { type FileReport, setInFile } from './image-file.js';
import { caps, isPassedOver } from './yaml-files.js';

/** What a path stands for in a repository: '' is all of it. @throws CliError for one that leads out of it */
export function readPrefix(path: string): string {
  const steps = path.split('/').filter((step) => step !== '' && step !== '.');
  if (path.startsWith('/') || steps.includes('..') || path === '-')
    throw new CliError(`${path} is no path inside the repository`);
  return steps.join('/');
}

/** Reading a blob is mostly waiting for the disk. */
const atOnce = 32;

/** Sets an image in the files of one commit after the other. What was read once is not read again. */
export class RepositoryFiles {
  private readonly reports = new Map<string, FileReport>();

  constructor(
    private readonly repository: GitRepository,
    private readonly prefixes: readonly string[],
    private readonly image: ImageToSet,
  ) {}

  /** Path → what setting the image does to it, in the order of the tree. */
  async setAt(files: readonly GitFile[]): Promise<Map<string, FileReport>> {
    const chosen = this.choose(files);
    if (chosen.length > caps.files)
      throw new CliError(`there are over ${caps.files} files: name the folders in which the image stands`);
    const reports = new Map<string, FileReport>();
    for (let at = 0; at < chosen.length; at += atOnce) {
      const some = chosen.slice(at, at + atOnce);
      const done = await Promise.all(some.map(async (file) => [file.path, await this.setIn(file)] as const));
      for (const [path, report] of done) reports.set(path, report);
    }
    return reports;
  }

  /** The files named, whatever they are called, and every YAML file of the folders named. */
  private choose(files: readonly GitFile[]): GitFile[] {
    const [first = '', ...others] = this.prefixes;
    const missing = [first, ...others].find((prefix) => !files.some(({ path }) => isBelow(path, prefix)));
    if (missing) throw new CliError(`${missing} is not in the repository`);
    const isChosen = (path: string, prefix: string) =>
      path === prefix || (isBelow(path, prefix) && /\.ya?ml$/i.test(path) && !isPassedOver(path.slice(prefix.length)));
    return files.filter(({ path }) => [first, ...others].some((prefix) => isChosen(path, prefix)));
  }

  private async setIn({ path, blob }: GitFile): Promise<FileReport> {
    const key = `${blob} ${path}`;
    const known = this.reports.get(key);
    if (known) return known;
    const bytes = await this.read(blob);
    const report = bytes ? setInFile(path, bytes, this.image) : tooLarge(path);
    this.reports.set(key, report);
    return report;
  }

  private async read(blob: string): Promise<Uint8Array | undefined> {
    try {
      return await this.repository.readBlob(blob);
    } catch (error) {
      if (error instanceof GitError && error.code === 'SHIPIT_GIT_TOO_LARGE') return undefined;
      throw error;
    }
  }
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === '' || path === prefix || path.startsWith(`${prefix}/`);
}

function tooLarge(file: string): FileReport {
  return { places: [{ file, outcome: 'refused', reason: `The file is over ${caps.fileBytes / 1024 / 1024} MiB` }] };
}
