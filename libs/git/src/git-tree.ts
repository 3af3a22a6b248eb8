import { GitError } from './git-error.js';

/**
 * One entry of a tree object. Names are kept as the bytes they are (latin1 string of the bytes), so that writing a tree
 * back never changes an entry of others, whatever its name.
 */
export interface TreeEntry {
  mode: string;
  rawName: string;
  id: string;
}

export const FOLDER_MODE = '40000';

export function parseTree(bytes: Uint8Array): TreeEntry[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: TreeEntry[] = [];
  let at = 0;
  while (at < buffer.length) {
    const space = buffer.indexOf(0x20, at);
    const zero = buffer.indexOf(0, space);
    if (space < 0 || zero < 0 || zero + 21 > buffer.length)
      throw new GitError('SHIPIT_GIT_BROKEN', 'A tree object is cut off');
    entries.push({
      mode: buffer.toString('latin1', at, space).replace(/^0+/, ''),
      rawName: buffer.toString('latin1', space + 1, zero),
      id: buffer.toString('hex', zero + 1, zero + 21),
    });
    at = zero + 21;
  }
  return entries;
}

export function formatTree(entries: readonly TreeEntry[]): Buffer {
  return Buffer.concat(
    entries.flatMap(({ mode, rawName, id }) => [Buffer.from(`${mode} ${rawName}\0`, 'latin1'), Buffer.from(id, 'hex')]),
  );
}

/** Git sorts a folder as if its name ended in a slash. */
export function compareEntries(a: TreeEntry, b: TreeEntry): number {
  const left = Buffer.from(a.mode === FOLDER_MODE ? `${a.rawName}/` : a.rawName, 'latin1');
  const right = Buffer.from(b.mode === FOLDER_MODE ? `${b.rawName}/` : b.rawName, 'latin1');
  return Buffer.compare(left, right);
}

export function entryName(entry: TreeEntry): string {
  return Buffer.from(entry.rawName, 'latin1').toString('utf8');
}

export function rawName(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

/** False for what no checkout may contain: `.`, `..`, `.git` in any spelling a file system takes for it, separators, control characters. */
export function isSafeName(name: string): boolean {
  if (name === '' || name === '.' || name === '..') return false;
  return !/[/\\\p{Cc}\ufffd]/u.test(name) && !isDotGit(name);
}

/** Throws on a path that is empty, absolute, leaves the repository or enters `.git`. */
export function checkPath(path: string): string[] {
  const segments = path.split('/');
  if (path.length > 4096 || !segments.every(isSafeName)) {
    throw new GitError(
      'SHIPIT_GIT_BAD_PATH',
      `${JSON.stringify(path.slice(0, 200))} is not a path that may be written to a repository`,
    );
  }
  return segments;
}

function isDotGit(name: string): boolean {
  const plain = name.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, '').toLowerCase();
  return /^(\.git|git~\d+)[. ]*(:.*)?$/.test(plain);
}
