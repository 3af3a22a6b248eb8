import { idOf, type HelmRelease, releaseKey, repositoryLabel, syncAnnotations } from '@shipit/contracts';
import type { ReleaseDocument } from '@shipit/releases';
import { canonicalJson, covers } from '../release-objects/canonical-json.js';
import type { DesiredRelease, DesiredReleases } from './desired-releases.js';

/** Digest of what decides whether anything runs anew; see {@link DesiredRelease}. */
export const contentAnnotation = 'shipit.dev/content';
/** Digest of the whole document as it was applied: what is gone from it must go from the object. */
export const declaredAnnotation = 'shipit.dev/declared';

export interface SyncProblem {
  code: string;
  message: string;
  release?: string;
  path?: string;
}

export interface ReleaseWrite {
  key: string;
  document: ReleaseDocument;
  content: string;
  declared: string;
  live: HelmRelease | undefined;
  /** What runs changes, so the commit that did it is to be found; else only words beside it. */
  isChange: boolean;
}

export interface SyncPlan {
  writes: ReleaseWrite[];
  /** Objects of this repository that it declares no more. */
  removals: HelmRelease[];
  problems: SyncProblem[];
}

/** Compares what a commit declares with the objects in the cluster. Pure. */
export function planSync(desired: DesiredReleases, objects: readonly HelmRelease[], repository: string): SyncPlan {
  const live = new Map(objects.map((object) => [releaseKey(object.metadata), object]));
  const writes: ReleaseWrite[] = [];
  const problems = problemsOf(desired);
  for (const [key, release] of desired.releases) {
    if (desired.duplicates.has(key)) continue;
    const object = live.get(key);
    if (isOfAnother(object, repository)) problems.push(foreign(key, release, object));
    else writes.push(...writeOf(key, release, object));
  }
  const removals = removalsOf(desired, objects, repository);
  if (desired.isComplete) return { writes, problems, removals };
  return { writes, problems: [...problems, ...removals.map((object) => unreadable(object, desired))], removals: [] };
}

function problemsOf(desired: DesiredReleases): SyncProblem[] {
  const files = desired.problems.map(({ path, line, message, release }) => ({
    code: 'SHIPIT_RELEASE_FILE',
    path,
    message: `${path}:${line}: ${message}`,
    ...(release === undefined ? {} : { release }),
  }));
  const duplicates = [...desired.duplicates].map(([release, paths]) => ({
    code: 'SHIPIT_RELEASE_TWICE',
    release,
    message: `${release} is declared ${paths.length} times, in ${[...new Set(paths)].join(' and ')}: keep one; until then it stays as it is`,
  }));
  return [...files, ...duplicates];
}

function writeOf(key: string, { document, content }: DesiredRelease, live: HelmRelease | undefined): ReleaseWrite[] {
  if (!document.spec || content === undefined) return [];
  // It comes back once the object is gone.
  if (live?.metadata.deletionTimestamp !== undefined) return [];
  const { labels, annotations, spec, path } = document;
  const declared = idOf('declared', content, canonicalJson({ labels, annotations, path }));
  const known = live?.metadata.annotations ?? {};
  const isSame = known[declaredAnnotation] === declared && covers(live, { metadata: { labels }, spec });
  if (isSame) return [];
  return [{ key, document, content, declared, live, isChange: known[contentAnnotation] !== content }];
}

function removalsOf(desired: DesiredReleases, objects: readonly HelmRelease[], repository: string): HelmRelease[] {
  return objects.filter(
    ({ metadata }) =>
      metadata.labels?.[repositoryLabel] === repository &&
      metadata.deletionTimestamp === undefined &&
      !desired.releases.has(releaseKey(metadata)),
  );
}

function isOfAnother(object: HelmRelease | undefined, repository: string): object is HelmRelease {
  const owner = object?.metadata.labels?.[repositoryLabel];
  return owner !== undefined && owner !== repository;
}

function foreign(release: string, { document }: DesiredRelease, object: HelmRelease): SyncProblem {
  const other = object.metadata.annotations?.[syncAnnotations.path] ?? 'a file there';
  return {
    code: 'SHIPIT_RELEASE_OF_ANOTHER_REPOSITORY',
    release,
    path: document.path,
    message: `${release} belongs to another repository (${other}): remove it there, or give this one another name`,
  };
}

/** Removed, or declared in a file that cannot be read: nobody can tell, so it stays, and somebody is told. */
function unreadable({ metadata }: HelmRelease, { problems }: DesiredReleases): SyncProblem {
  const release = releaseKey(metadata);
  const paths = [...new Set(problems.map(({ path }) => path))].join(' and ');
  return {
    code: 'SHIPIT_REMOVAL_WAITS',
    release,
    message: `${release} is declared in no file that can be read. It is left as it is until ${paths} can be read again`,
  };
}
