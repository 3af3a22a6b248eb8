import { closeSync, type Dirent, fstatSync, openSync, readFileSync } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../output/cli-error.js';

/** Enough for the largest repositories; a wrong folder, such as a home, ends soon. */
export const caps = { files: 20_000, entries: 200_000, depth: 32, fileBytes: 16 * 1024 * 1024 } as const;

const passedOver = new Set(['.git', 'node_modules']);

/** Whether a file within a folder that is read stands where nobody keeps what is deployed. */
export function isPassedOver(path: string): boolean {
  return path.split('/').some((step) => passedOver.has(step));
}

export interface YamlFiles {
  /** In the order of the paths, and by name within folders; none twice. */
  files: string[];
  unreadable: { file: string; reason: string }[];
}

/**
 * The files named, whatever they are called, and all *.yaml and *.yml in the folders named.
 * Folders are read without .git, node_modules and symbolic links.
 * @throws CliError where a path does not exist or there is more than the caps allow
 */
export async function findYamlFiles(paths: readonly string[]): Promise<YamlFiles> {
  const search = new Search();
  for (const path of paths) await search.start(path);
  return { files: [...search.files.values()], unreadable: search.unreadable };
}

/** The bytes of a file, or why they cannot be had. Waits for the disk: for small files the way through the thread pool is longer. */
export function readBounded(file: string): Uint8Array | string {
  try {
    const descriptor = openSync(file, 'r');
    try {
      if (fstatSync(descriptor).size > caps.fileBytes) return `The file is over ${caps.fileBytes / 1024 / 1024} MiB`;
      return readFileSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return `The file cannot be read: ${whyNot(error)}`;
  }
}

/** Why the system gives a file or folder not. */
export function whyNot(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return reasons[code] ?? code;
}

const reasons: Record<string, string> = {
  ENOENT: 'it does not exist',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'it stands below what is no folder',
};

/** As it was named, and without symbolic links. */
interface Place {
  path: string;
  real: string;
}

class Search {
  /** By real path. */
  readonly files = new Map<string, string>();
  readonly unreadable: YamlFiles['unreadable'] = [];
  private entries = 0;

  async start(path: string): Promise<void> {
    const found = await stat(path).catch((error: unknown) => {
      throw new CliError(`${path} cannot be read: ${whyNot(error)}`);
    });
    const real = await realpath(path);
    if (found.isDirectory()) await this.readFolder({ path, real }, 0);
    else if (found.isFile()) this.add({ path, real });
    else throw new CliError(`${path} is neither a file nor a folder`);
  }

  private async readFolder(folder: Place, depth: number): Promise<void> {
    if (depth > caps.depth) return this.refuse(folder.path, `The folder stands over ${caps.depth} deep`);
    const entries = await readdir(folder.path, { withFileTypes: true }).catch((error: unknown) =>
      this.refuse(folder.path, `The folder cannot be read: ${whyNot(error)}`),
    );
    this.entries += entries?.length ?? 0;
    if (this.entries > caps.entries) throw tooMuch(`${caps.entries} entries`);
    for (const entry of (entries ?? []).sort(byName)) await this.see(folder, entry, depth);
  }

  private async see(folder: Place, entry: Dirent, depth: number): Promise<void> {
    const place = { path: join(folder.path, entry.name), real: join(folder.real, entry.name) };
    if (entry.isDirectory() && !passedOver.has(entry.name)) await this.readFolder(place, depth + 1);
    if (entry.isFile() && /\.ya?ml$/i.test(entry.name)) this.add(place);
  }

  private add({ path, real }: Place): void {
    if (!this.files.has(real)) this.files.set(real, path);
    if (this.files.size > caps.files) throw tooMuch(`${caps.files} files`);
  }

  private refuse(file: string, reason: string): undefined {
    this.unreadable.push({ file, reason });
  }
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}

function tooMuch(what: string): CliError {
  return new CliError(`there are over ${what} here: name the folders in which the image stands`);
}
