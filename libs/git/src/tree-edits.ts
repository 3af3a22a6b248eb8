import { GitError } from './git-error.js';
import {
  checkPath,
  compareEntries,
  entryName,
  FOLDER_MODE,
  formatTree,
  isSafeName,
  rawName,
  type TreeEntry,
} from './git-tree.js';
import type { GitFile } from './git-repository.js';
import { readTree, type ObjectStore } from './object-store.js';

const MAX_DEPTH = 64;

/** Regular files under a folder; whatever else is in the tree is passed over. */
export async function listTree(store: ObjectStore, tree: string, prefix: string): Promise<GitFile[]> {
  const segments = prefix.split('/').filter(Boolean);
  let id: string | undefined = tree;
  for (const segment of segments) id = id && (await findFolder(store, id, segment));
  const files: GitFile[] = [];
  if (id) await collectFiles(store, id, { path: segments, files });
  return files;
}

/** Paths that differ between two trees; equal folders are never opened. */
export async function diffTrees(store: ObjectStore, from: string, to: string): Promise<string[]> {
  const changed: string[] = [];
  await collectChanges(store, { from, to, path: [], changed });
  return changed.sort();
}

export interface TreeEdit {
  /** The new root. */
  tree: string;
  /** Ids of what had to be written: blobs and the folders on the way to them. */
  written: string[];
}

/** Writes the changed files and the folders above them; everything else is taken over by id, unread. */
export async function editTree(
  store: ObjectStore,
  root: string,
  files: ReadonlyMap<string, Uint8Array | null>,
): Promise<TreeEdit> {
  const edit = new Map<string, EditNode>();
  for (const [path, content] of files) plan(edit, checkPath(path), content);
  const written: string[] = [];
  const tree = await applyEdits(store, { tree: root, edits: edit, written });
  return { tree: tree ?? (await writeNew(store, 'tree', new Uint8Array(), written)), written };
}

type EditNode = Uint8Array | null | Map<string, EditNode>;

function plan(into: Map<string, EditNode>, segments: string[], content: Uint8Array | null): void {
  const [name = '', ...rest] = segments;
  if (rest.length === 0) {
    into.set(name, content);
    return;
  }
  const below = into.get(name);
  const folder = below instanceof Map ? below : new Map<string, EditNode>();
  into.set(name, folder);
  plan(folder, rest, content);
}

interface FolderEdit {
  tree: string | undefined;
  edits: Map<string, EditNode>;
  written: string[];
}

/** Undefined: the folder is empty now. */
async function applyEdits(store: ObjectStore, { tree, edits, written }: FolderEdit): Promise<string | undefined> {
  const entries = new Map((tree ? await readTree(store, tree) : []).map((entry) => [entry.rawName, entry]));
  for (const [name, edit] of edits) {
    const key = rawName(name);
    const next = await applyEdit(store, { old: entries.get(key), name, edit, written });
    if (next) entries.set(key, next);
    else entries.delete(key);
  }
  if (entries.size === 0) return undefined;
  const bytes = formatTree([...entries.values()].sort(compareEntries));
  return writeNew(store, 'tree', bytes, written);
}

interface EntryEdit {
  old: TreeEntry | undefined;
  name: string;
  edit: EditNode;
  written: string[];
}

async function applyEdit(store: ObjectStore, change: EntryEdit): Promise<TreeEntry | undefined> {
  const { old, name, edit, written } = change;
  refuseToReplace(change);
  if (edit === null) return undefined;
  if (!(edit instanceof Map)) {
    return { mode: old?.mode ?? '100644', rawName: rawName(name), id: await writeNew(store, 'blob', edit, written) };
  }
  const id = await applyEdits(store, { tree: old?.id, edits: edit, written });
  return id === undefined ? undefined : { mode: FOLDER_MODE, rawName: rawName(name), id };
}

function refuseToReplace({ old, name, edit }: EntryEdit): void {
  const wanted = edit instanceof Map ? 'folder' : 'regular file';
  if (!old || (wanted === 'folder' ? old.mode === FOLDER_MODE : isFile(old))) return;
  throw new GitError(
    'SHIPIT_GIT_BAD_PATH',
    `${JSON.stringify(name)} is not a ${wanted} in the repository, it is left alone`,
  );
}

async function writeNew(
  store: ObjectStore,
  type: 'blob' | 'tree',
  bytes: Uint8Array,
  written: string[],
): Promise<string> {
  const id = await store.write(type, bytes);
  written.push(id);
  return id;
}

async function findFolder(store: ObjectStore, tree: string, name: string): Promise<string | undefined> {
  const entries = await readTree(store, tree);
  return entries.find((entry) => entry.mode === FOLDER_MODE && entryName(entry) === name)?.id;
}

async function collectFiles(
  store: ObjectStore,
  tree: string,
  into: { path: string[]; files: GitFile[] },
): Promise<void> {
  if (into.path.length > MAX_DEPTH) return;
  for (const entry of await readTree(store, tree)) {
    const name = entryName(entry);
    if (!isSafeName(name)) continue;
    const path = [...into.path, name];
    if (entry.mode === FOLDER_MODE) await collectFiles(store, entry.id, { path, files: into.files });
    else if (isFile(entry))
      into.files.push({ path: path.join('/'), blob: entry.id, mode: entry.mode === '100755' ? '100755' : '100644' });
  }
}

interface Difference {
  from: string | undefined;
  to: string | undefined;
  path: string[];
  changed: string[];
}

async function collectChanges(store: ObjectStore, { from, to, path, changed }: Difference): Promise<void> {
  if (from === to || path.length > MAX_DEPTH) return;
  const before = await entriesByName(store, from);
  const after = await entriesByName(store, to);
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(name), after.get(name)];
    if (isSameEntry(old, now)) continue;
    const here = [...path, name];
    if (isLeaf(old) || isLeaf(now)) changed.push(here.join('/'));
    await collectChanges(store, { from: folderId(old), to: folderId(now), path: here, changed });
  }
}

function isSameEntry(a: TreeEntry | undefined, b: TreeEntry | undefined): boolean {
  return a?.id === b?.id && a?.mode === b?.mode;
}

async function entriesByName(store: ObjectStore, tree: string | undefined): Promise<Map<string, TreeEntry>> {
  const entries = tree ? await readTree(store, tree) : [];
  return new Map(entries.map((entry) => [entryName(entry), entry] as const).filter(([name]) => isSafeName(name)));
}

function isFile(entry: TreeEntry): boolean {
  return ['100644', '100755', '100664'].includes(entry.mode);
}

function isLeaf(entry: TreeEntry | undefined): boolean {
  return entry !== undefined && entry.mode !== FOLDER_MODE;
}

function folderId(entry: TreeEntry | undefined): string | undefined {
  return entry?.mode === FOLDER_MODE ? entry.id : undefined;
}
