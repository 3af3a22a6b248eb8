import { createHash } from 'node:crypto';
import { GitError } from './git-error.js';
import { parseTree, type TreeEntry } from './git-tree.js';
import type { GitAuthor, GitCommit } from './git-repository.js';

export type ObjectType = 'blob' | 'tree' | 'commit';

export interface GitObject {
  type: string;
  bytes: Uint8Array;
}

/** Git objects by id. */
export interface ObjectStore {
  /** Undefined where the object is not here. */
  read(id: string): Promise<GitObject | undefined>;
  write(type: ObjectType, bytes: Uint8Array): Promise<string>;
}

export interface StoredCommit extends GitCommit {
  tree: string;
}

export function objectId(type: ObjectType, bytes: Uint8Array): string {
  return createHash('sha1').update(`${type} ${bytes.byteLength}\0`).update(bytes).digest('hex');
}

export async function readCommit(store: ObjectStore, id: string): Promise<StoredCommit | undefined> {
  const object = await store.read(id);
  return object?.type === 'commit' ? parseCommit(id, object.bytes) : undefined;
}

export async function requireCommit(store: ObjectStore, id: string): Promise<StoredCommit> {
  const commit = await readCommit(store, id);
  if (!commit) throw new GitError('SHIPIT_GIT_NOT_FOUND', `Commit ${id.slice(0, 40)} is not in the repository`);
  return commit;
}

export async function readTree(store: ObjectStore, id: string): Promise<TreeEntry[]> {
  const object = await store.read(id);
  if (object?.type !== 'tree') throw new GitError('SHIPIT_GIT_BROKEN', `Tree ${id} cannot be read`);
  return parseTree(object.bytes);
}

export async function readBlob(store: ObjectStore, id: string): Promise<Uint8Array> {
  const object = await store.read(id);
  if (object?.type !== 'blob')
    throw new GitError('SHIPIT_GIT_NOT_FOUND', `File content ${id.slice(0, 40)} is not in the repository`);
  return object.bytes;
}

export interface NewCommit {
  tree: string;
  parents: readonly string[];
  message: string;
  author: GitAuthor;
  committedAt: Date;
}

export function formatCommit({ tree, parents, message, author, committedAt }: NewCommit): Buffer {
  const person = `${clean(author.name)} <${clean(author.email)}> ${Math.floor(committedAt.getTime() / 1000)} +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${person}`,
    `committer ${person}`,
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${message.trimEnd()}\n`);
}

function parseCommit(id: string, bytes: Uint8Array): StoredCommit {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const end = text.indexOf('\n\n');
  const headers = (end < 0 ? text : text.slice(0, end)).split('\n');
  const values = (name: string): string[] =>
    headers.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
  const { name, email } = parsePerson(values('author')[0]);
  return {
    id,
    tree: values('tree')[0] ?? '',
    parents: values('parent'),
    message: end < 0 ? '' : text.slice(end + 2),
    author: { name, email },
    committedAt: parsePerson(values('committer')[0]).at,
  };
}

function parsePerson(line = ''): GitAuthor & { at: Date } {
  const [, name = '', email = '', seconds = '0'] = /^(.*?) ?<([^>]*)> (\d+)/.exec(line) ?? [];
  return { name, email, at: new Date(Math.min(Number(seconds), 8_640_000_000_000) * 1000) };
}

function clean(text: string): string {
  return text.replace(/[<>\p{Cc}]/gu, '').trim() || 'unknown';
}
