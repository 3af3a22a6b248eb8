import type { ImageReference } from '@shipit/contracts';
import { canonicalRepository } from '@shipit/images';
import type { CommitTrailers } from './commit-trailers.js';
import { findImages } from './find-images.js';
import type { ImagePlace } from './image-place.js';
import { readReleaseDocuments, type ReleaseFile } from './release-file.js';
import { decodeFile } from './repository-files.js';

/** What history is read from. */
interface PastFiles {
  changedPaths(from: string, to: string): Promise<readonly string[]>;
  listFiles(commit: string, prefix: string): Promise<readonly { path: string; blob: string }[]>;
  readBlob(blob: string): Promise<Uint8Array>;
}

export interface PastCommit {
  id: string;
  parents: readonly string[];
  author: { name: string };
  trailers: CommitTrailers;
}

/** A tag as it stands in a release's file now. */
export interface StandingImage {
  release: string;
  /** The file. */
  path: string;
  /** Canonical name of the image's repository. */
  repository: string;
  place: ImagePlace;
}

/** A person's commit that put one tag in another's place. */
interface ImageChange {
  commit: string;
  author: string;
  before: ImageReference;
}

/** So many commits of people are looked at. Ship-it's own say in their trailers what they change. */
const MAX_LOOKED_AT = 200;
const MAX_REMEMBERED = 5_000;

/** What one parent of a commit said. */
interface Side {
  path: string;
  image?: ImageReference | undefined;
  isAsNow: boolean;
}

type Step = { to: string; path: string } | ImageChange | undefined;

/** Who put a tag where it stands. What a commit changed is remembered: many releases ask about the same commits. */
export class ImageHistory {
  private readonly changed = new Map<string, Promise<readonly string[]>>();
  private readonly files = new Map<string, Promise<ReleaseFile | undefined>>();
  private readonly byId = new WeakMap<readonly PastCommit[], Map<string, PastCommit>>();

  constructor(private readonly repository: PastFiles) {}

  /**
   * Undefined where Ship-it had a say on the release since (a deployment, a rollback, a resume), where the release or its
   * image was new, or where the change is too long ago.
   *
   * @param commits The branch's newest, newest first.
   */
  async changeOf(standing: StandingImage, commits: readonly PastCommit[]): Promise<ImageChange | undefined> {
    const byId = this.index(commits);
    let { path } = standing;
    let commit = commits[0];
    for (let lookedAt = 0; commit && lookedAt < MAX_LOOKED_AT && !isWordOn(standing, commit.trailers);) {
      const [first] = commit.parents;
      if (first === undefined || !byId.has(first)) return undefined;
      if (isOurs(commit.trailers)) {
        commit = byId.get(first);
        continue;
      }
      lookedAt += 1;
      const step = await this.stepBack({ ...standing, path }, commit, first);
      if (!step || 'before' in step) return step;
      path = step.path;
      commit = byId.get(step.to);
    }
    return undefined;
  }

  /** To the parent that has the same tag: of a merge that is the side from which it came. */
  private async stepBack(standing: StandingImage, commit: PastCommit, first: string): Promise<Step> {
    const changed = await this.changedBy(commit.id, first);
    if (!changed.includes(standing.path)) return { to: first, path: standing.path };
    const places = [standing.path, ...changed.filter((path) => path !== standing.path && /\.ya?ml$/.test(path))];
    const sides: Side[] = [];
    for (const to of commit.parents) {
      const side = await this.readAt(standing, to, places);
      if (side.isAsNow) return { to, path: side.path };
      sides.push(side);
    }
    const before = sides[0]?.image;
    return before && { commit: commit.id, author: commit.author.name, before };
  }

  /** What stood in the same place, in whichever of the files the release was. Of a broken file nobody knows: it is passed over. */
  private async readAt(standing: StandingImage, commit: string, paths: readonly string[]): Promise<Side> {
    for (const path of paths) {
      const file = await this.fileAt(commit, path);
      if (file?.isReadable === false && path === standing.path) return { path, isAsNow: true };
      const document = file?.releases.find(({ key }) => key === standing.release);
      if (!document) continue;
      const image = findImages(document.value).find((one) => isSamePlace(one, standing))?.image;
      return { path, image, isAsNow: image !== undefined && image.tag === standing.place.image.tag };
    }
    return { path: standing.path, isAsNow: false };
  }

  private changedBy(commit: string, parent: string): Promise<readonly string[]> {
    return remember(this.changed, commit, () => this.repository.changedPaths(parent, commit));
  }

  private fileAt(commit: string, path: string): Promise<ReleaseFile | undefined> {
    return remember(this.files, `${commit} ${path}`, async () => {
      const files = await this.repository.listFiles(commit, path.slice(0, Math.max(path.lastIndexOf('/'), 0)));
      const file = files.find((one) => one.path === path);
      if (!file) return undefined;
      const decoded = decodeFile(await this.repository.readBlob(file.blob));
      if ('text' in decoded) return readReleaseDocuments(path, decoded.text);
      return { path, isReadable: false, releases: [], problems: [] };
    });
  }

  private index(commits: readonly PastCommit[]): Map<string, PastCommit> {
    const known = this.byId.get(commits) ?? new Map(commits.map((commit) => [commit.id, commit]));
    this.byId.set(commits, known);
    return known;
  }
}

function isSamePlace({ image, path }: ImagePlace, { repository, place }: StandingImage): boolean {
  return canonicalRepository(image) === repository && JSON.stringify(path) === JSON.stringify(place.path);
}

/** A failure is not remembered. */
function remember<T>(memory: Map<string, Promise<T>>, key: string, read: () => Promise<T>): Promise<T> {
  const known = memory.get(key);
  if (known) return known;
  if (memory.size >= MAX_REMEMBERED) memory.clear();
  const reading = read();
  memory.set(key, reading);
  reading.catch(() => memory.delete(key));
  return reading;
}

function isOurs({ deploys, rollbacks, requests }: CommitTrailers): boolean {
  return deploys.length + rollbacks.length + requests.length > 0;
}

function isWordOn({ release, repository }: StandingImage, { deploys, rollbacks, requests }: CommitTrailers): boolean {
  return (
    deploys.some((one) => one.release === release && one.repository === repository) ||
    rollbacks.some((one) => one.release === release) ||
    requests.some((one) => one.release === release && (one.kind === 'Resume' || one.kind === 'Hold'))
  );
}
