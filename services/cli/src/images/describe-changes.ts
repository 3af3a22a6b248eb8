import type { ImageReference } from '@shipit/contracts';
import type { GitFile, GitRepository } from '@shipit/git';
import {
  type ImageChange,
  type ImageToSet,
  lockOf,
  locateImages,
  locksFileName,
  readLocksFile,
  readReleaseDocuments,
} from '@shipit/releases';
import type { FileReport } from './image-file.js';

/** What a commit says about the files that change: by release where one stands there, else by file. */
export function describeChanges(reports: ReadonlyMap<string, FileReport>, image: ImageToSet): ImageChange[] {
  const changes = new Map<string, ImageChange>();
  for (const [path, { edit }] of reports)
    for (const change of edit ? changesOf(path, edit.before, image) : [])
      changes.set(`${change.release ?? path} ${change.from}`, change);
  return [...changes.values()];
}

function changesOf(path: string, before: string, image: ImageToSet): ImageChange[] {
  const { releases } = readReleaseDocuments(path, before);
  const found = locateImages(before, image);
  if (found.outcome === 'refused') return [];
  return found.places
    .filter(({ place }) => isOther(place.image, image))
    .map(({ document, place }) => {
      const release = releases.find((one) => one.document === document.index)?.key;
      return { path, from: place.image.tag ?? '', ...(release === undefined ? {} : { release }) };
    });
}

function isOther(now: ImageReference, { tag, digest }: ImageToSet): boolean {
  return now.tag !== tag || (now.digest !== undefined && now.digest !== digest);
}

/** People win: a lock stops no commit of theirs. They should know of it all the same. */
export async function findLocks(
  repository: GitRepository,
  files: readonly GitFile[],
  changes: readonly ImageChange[],
): Promise<string[]> {
  const notes = new Set<string>();
  for (const { release, path } of changes) {
    const file = release === undefined ? undefined : nearestLocks(files, path);
    if (!file || release === undefined) continue;
    const read = readLocksFile(await repository.readBlob(file.blob));
    if (!read.ok) notes.add(`${file.path} cannot be read, so nobody knows what is locked: ${read.problem}`);
    else for (const reason of reasonsOf(lockOf(read.locks, release, new Date()))) notes.add(`${release} is ${reason}`);
  }
  return [...notes];
}

function reasonsOf({ locked, held }: ReturnType<typeof lockOf>): string[] {
  return [
    ...locked.map((reason) => `locked (${reason}): a commit by hand is deployed all the same`),
    ...held.map((reason) => `held (${reason}): a commit by hand is deployed all the same`),
  ];
}

/** They stand at the root of the releases, whose folder only the server's configuration names. */
function nearestLocks(files: readonly GitFile[], path: string): GitFile | undefined {
  for (let folder = path; folder !== '';) {
    folder = folder.slice(0, Math.max(folder.lastIndexOf('/'), 0));
    const found = files.find((file) => file.path === (folder ? `${folder}/${locksFileName}` : locksFileName));
    if (found) return found;
  }
  return undefined;
}
