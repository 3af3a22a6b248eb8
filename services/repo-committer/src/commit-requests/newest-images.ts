import { Injectable } from '@nestjs/common';
import { type ImagePushed, type ImageReference, idOf, traceparentOf } from '@shipit/contracts';
import {
  canonicalRepository,
  compareImages,
  findForeignKind,
  isTagAllowed,
  pushIdOf,
  type TagPolicy,
} from '@shipit/images';
import { type DeployTrailer, entryOf, isBlocked, type ReadLocks, requestDeployIdOf } from '@shipit/releases';
import { type FoundImage, Registry } from '@shipit/registries';
import { ImageCommits } from '../commit-images/image-commits.js';
import type { IndexedRelease } from '../index-releases/release-index.js';
import type { LoggedCommit } from '../read-branch/commit-log.js';
import type { SettingRequested } from './plan-request.js';

const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000;

interface Wanted {
  release: IndexedRelease;
  /** What locks.yaml says once the request, if there is one, is done. */
  locks: ReadLocks;
}

/** What is known of the time in which a push may have been kept back. */
interface Late extends Wanted {
  since: Date;
  commits: readonly LoggedCommit[];
}

/** Brings a release to the newest allowed image that its registry has, the way of any push. */
@Injectable()
export class NewestImages {
  constructor(
    private readonly registry: Registry,
    private readonly images: ImageCommits,
  ) {}

  /**
   * After an unlock or a resume. The pushes bear the request's id, so they are deployments of their own and not the ones that a
   * rollback or a person undid. True where a commit came of it: it bears the request's id and is its answer too.
   */
  async deploy(request: SettingRequested, wanted: Wanted, signal: AbortSignal): Promise<boolean> {
    const since = new Date(Date.parse(request.time) - LOOK_BACK_MS);
    const found = await this.find(wanted, since, signal);
    return this.add(
      wanted.release.key,
      found.map((image) => requestedPush(request, image)),
    );
  }

  /**
   * What was kept back of late, under the ids it had. What was deployed before is not deployed again, under whatever id: after
   * a resume it had the request's. True where a commit came of it.
   */
  async takeUp({ release, locks, since, commits }: Late, signal: AbortSignal): Promise<boolean> {
    const deploys = commits.flatMap(({ trailers }) => trailers.deploys).filter((one) => one.release === release.key);
    const found = await this.find({ release, locks }, since, signal);
    const kept = found.filter(({ image }) => !deploys.some((deploy) => isOf(deploy, image)));
    return this.add(release.key, kept.map(keptPush));
  }

  private async add(release: string, pushes: readonly ImagePushed[]): Promise<boolean> {
    const outcomes = await Promise.all(pushes.map((push) => this.images.add(push)));
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
    const all = outcomes.flatMap((outcome) => (outcome.ok ? outcome.releases : []));
    return all.some((one) => one.release === release && one.kind !== 'candidate');
  }

  /**
   * Of each of the release's repositories the newest that no block forbids, unless it stands in all of its places already. Else
   * the newest of all, so that it is told what forbids it.
   */
  private async find({ release, locks }: Wanted, since: Date, signal: AbortSignal): Promise<FoundImage[]> {
    const { key, images, settings } = release;
    const blocked = locks.ok ? (entryOf(locks.locks, key)?.blocked ?? []) : [];
    const isFree = ({ image, pushedAt }: FoundImage) =>
      !isBlocked({ release: key, pushed: { ...image, pushedAt } }, blocked);
    const found: FoundImage[] = [];
    for (const places of images.values()) {
      const [first] = places;
      if (!first) continue;
      const allowed = onlyAllowed(await this.registry.newest(first.image, since, signal), settings.tagPolicy);
      const choices = [allowed.filter(isFree), allowed].flatMap((some) => pickNewest(some, settings.tagPolicy) ?? []);
      const chosen = choices.find((one) => !places.every(({ image }) => isThere(one, image)));
      if (chosen) found.push(chosen);
    }
    return found;
  }
}

function isThere({ image: { tag, digest } }: FoundImage, current: ImageReference): boolean {
  return current.tag === tag && (current.digest ?? digest) === digest;
}

function isOf({ repository, tag, digest }: DeployTrailer, image: FoundImage['image']): boolean {
  return repository === canonicalRepository(image) && tag === image.tag && (digest ?? image.digest) === image.digest;
}

function onlyAllowed(found: readonly FoundImage[], policy: TagPolicy | undefined): FoundImage[] {
  return found.filter(
    ({ image, ...kind }) =>
      policy && isTagAllowed(policy, image.tag) && findForeignKind({ tag: image.tag, ...kind }) === undefined,
  );
}

function pickNewest(found: readonly FoundImage[], policy: TagPolicy | undefined): FoundImage | undefined {
  const [first, ...others] = found;
  return others.reduce((best, next) => (policy && isNewer(policy, best, next) ? next : best), first);
}

function isNewer(policy: TagPolicy, best: FoundImage | undefined, next: FoundImage): boolean {
  if (!best) return true;
  const [current, candidate] = [best, next].map(({ image, pushedAt }) => ({ ...image, pushedAt }));
  return current !== undefined && candidate !== undefined && compareImages(policy, current, candidate) === 'newer';
}

function requestedPush(request: SettingRequested, found: FoundImage): ImagePushed {
  const { release } = request.data;
  const { image } = found;
  return {
    ...pushOf(found, 'resume'),
    id: idOf('image.pushed', request.id, canonicalRepository(image), image.tag, image.digest),
    time: request.time,
    pushid: request.id,
    deployid: requestDeployIdOf({ release, requestId: request.id }),
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
  };
}

function keptPush(found: FoundImage): ImagePushed {
  const pushid = pushIdOf(found.image);
  return { ...pushOf(found, 'sweep'), pushid, traceparent: traceparentOf(pushid) };
}

function pushOf({ image, pushedAt }: FoundImage, origin: 'sweep' | 'resume'): ImagePushed {
  const time = pushedAt.toISOString();
  return {
    specversion: '1.0',
    id: idOf('image.pushed', pushIdOf(image), ''),
    source: 'repo-committer',
    subject: `${canonicalRepository(image)}:${image.tag}`,
    time,
    type: 'image.pushed',
    data: { image, pushedAt: time, origin, isOrderKnown: true },
  };
}
