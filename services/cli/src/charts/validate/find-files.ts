import { stat } from 'node:fs/promises';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { locksFileName, selectReleaseFiles } from '@shipit/releases';
import { findYamlFiles, type YamlFiles } from '../../images/yaml-files.js';
import { checkRoot, findRepositoryRoot } from '../repository-root.js';

/** The folder that Ship-it reads where its configuration names none. */
const defaultFolder = 'releases';

export interface FilesRequest {
  paths: readonly string[];
  /** The root of the GitOps repository, where it is not found by itself. */
  root: string | undefined;
  /** `git.path` of the configuration: only what stands there is read. */
  folder: string | undefined;
}

export interface FoundFiles {
  /** Absolute. */
  root: string;
  /** Files that may declare releases, as they were named. */
  files: string[];
  /** The rest of the folder that Ship-it reads: releases there are known, their problems are not told. */
  others: string[];
  locks: LocksFile[];
  /** Those of the named paths that are folders. */
  folders: string[];
  unreadable: YamlFiles['unreadable'];
  /** Whether all releases of the repository are in these files. */
  isWhole: boolean;
}

export interface LocksFile {
  file: string;
  /** False where only its name says so. */
  isCertain: boolean;
}

/** Which files the deployer would read, of the paths that a person names. @throws CliError as {@link findYamlFiles} does */
export async function findFiles({ paths, root: named, folder }: FilesRequest): Promise<FoundFiles> {
  await checkRoot(named);
  const { files: all, unreadable } = await findYamlFiles(paths);
  const root = resolve(named ?? (await rootOf(paths)));
  const expected = resolve(root, folder ?? defaultFolder);
  const home = folder !== undefined || (await isFolder(expected)) ? expected : root;
  const folders = await foldersOf(paths);
  const charts = await chartsAround(paths, root);
  const select = (files: readonly string[]): string[] =>
    selectReleaseFiles(
      [...files, ...charts].map((file) => ({ file, path: pathIn(root, file) })),
      folder ?? '',
    ).map(({ file }) => file);

  const isInHome = home !== root && paths.every((path) => isWithin(resolve(path), home));
  const rest = isInHome ? await yamlBelow(home) : { files: [], unreadable: [] };
  const locks = locksAmong(all, { folders, home, folder });
  const taken = new Set([...locks.map(({ file }) => file), ...all].map((file) => resolve(file)));
  return {
    root,
    files: select(all.filter((file) => !locks.some((one) => one.file === file))),
    others: select(
      rest.files.filter((file) => !taken.has(resolve(file)) && resolve(file) !== resolve(home, locksFileName)),
    ),
    locks,
    folders,
    unreadable,
    isWhole:
      unreadable.length + rest.unreadable.length === 0 &&
      (rest.files.length > 0 ||
        locks.some(({ isCertain }) => isCertain) ||
        folders.some((one) => isWithin(home, resolve(one)))),
  };
}

/** Where no configuration says which folder the releases are in, each file of that name may be the one. */
function locksAmong(
  files: readonly string[],
  { folders, home, folder }: { folders: readonly string[]; home: string; folder: string | undefined },
): LocksFile[] {
  const places = new Set([home, ...(folder === undefined ? folders : [])].map((one) => resolve(one, locksFileName)));
  return files
    .map((file) => ({ file, isCertain: places.has(resolve(file)) }))
    .filter(({ file, isCertain }) => isCertain || (folder === undefined && basename(file) === locksFileName));
}

async function yamlBelow(folder: string): Promise<YamlFiles> {
  return (await isFolder(folder)) ? findYamlFiles([relative('.', folder) || '.']) : { files: [], unreadable: [] };
}

async function rootOf(paths: readonly string[]): Promise<string> {
  const [first = '.'] = paths;
  const found = await findRepositoryRoot(first);
  if (found !== undefined) return found;
  if (isWithin(resolve(first), resolve('.'))) return '.';
  return (await isFolder(first)) ? first : dirname(first);
}

async function foldersOf(paths: readonly string[]): Promise<string[]> {
  const folders: string[] = [];
  for (const path of paths) if (await isFolder(path)) folders.push(path);
  return folders;
}

/** A named file may be part of a chart whose Chart.yaml is not named. */
async function chartsAround(paths: readonly string[], root: string): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    for (let folder = resolve(path); isWithin(folder, root); folder = dirname(folder)) {
      const chart = resolve(folder, 'Chart.yaml');
      if (await stat(chart).catch(() => undefined)) found.add(chart);
      if (folder === dirname(folder)) break;
    }
  }
  return [...found];
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** As the repository names it. */
function pathIn(root: string, file: string): string {
  return relative(root, resolve(file)).replaceAll(sep, '/');
}
