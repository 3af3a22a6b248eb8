import { lstat, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../output/cli-error.js';

const caps = { files: 5000, bytes: 100 * 1024 * 1024, depth: 32 } as const;

/** The git working tree around a file or folder; undefined where there is none. */
export async function findRepositoryRoot(from: string): Promise<string | undefined> {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (await stat(join(folder, '.git')).catch(() => undefined)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}

/** @throws CliError where what a person names as the root is no folder */
export async function checkRoot(root: string | undefined): Promise<void> {
  if (root === undefined) return;
  const about = await stat(root).catch(() => undefined);
  if (!about?.isDirectory()) throw new CliError(`--root ${root}: there is no such folder`, 2);
}

/** Answers for `./folder` charts what git would at a commit: regular files, as they are on disk now. */
export function workingTree(root: string): (folder: string) => Promise<ReadonlyMap<string, Uint8Array>> {
  return async (folder) => {
    const found: Found = { chart: folder, files: new Map(), bytes: 0 };
    const start = join(root, folder);
    // Git follows no links, so neither is a folder one that leads elsewhere.
    if (await isRealFolder(root, folder)) await readInto(found, start, '');
    return found.files;
  };
}

async function isRealFolder(root: string, folder: string): Promise<boolean> {
  let place = root;
  for (const part of folder.split('/').filter((part) => part !== '' && part !== '.')) {
    place = join(place, part);
    const about = await lstat(place).catch(() => undefined);
    if (!about?.isDirectory()) return false;
  }
  return true;
}

interface Found {
  chart: string;
  files: Map<string, Uint8Array>;
  bytes: number;
}

async function readInto(found: Found, folder: string, within: string, depth = 0): Promise<void> {
  if (depth > caps.depth) throw new CliError(`${folder} stands over ${caps.depth} folders deep`);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const name = within === '' ? entry.name : `${within}/${entry.name}`;
    if (entry.isDirectory() && entry.name !== '.git') await readInto(found, path, name, depth + 1);
    if (!entry.isFile()) continue;
    found.bytes += (await lstat(path)).size;
    checkSize(found);
    found.files.set(name, await readFile(path));
  }
}

/** Before the next file is read. */
function checkSize({ chart, files, bytes }: Found): void {
  if (files.size >= caps.files) throw new CliError(`${chart}: there are over ${caps.files} files around this chart`);
  const mebibytes = caps.bytes / 1024 / 1024;
  if (bytes > caps.bytes) throw new CliError(`${chart}: there are over ${mebibytes} MiB of files around this chart`);
}
