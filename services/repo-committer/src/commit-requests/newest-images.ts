import { Injectable } from '@nestjs/common';
import { type ImagePushed, idOf } from '@shipit/contracts';
import { compareImages, isTagAllowed, type TagPolicy } from '@shipit/images';
import { requestDeployIdOf } from '@shipit/releases';
import { type FoundImage, Registry } from '@shipit/registries';
import { ImageCommits } from '../commit-images/image-commits.js';
import type { IndexedRelease } from '../index-releases/release-index.js';
import type { SettingRequested } from './plan-request.js';

const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * Brings a release to the newest allowed image after an unlock or a resume, the way of any push. The pushes bear the request's id,
 * so they are deployments of their own and not the ones that a rollback or a person undid.
 */
@Injectable()
export class NewestImages {
  constructor(
    private readonly registry: Registry,
    private readonly images: ImageCommits,
  ) {}

  /** True where a commit came of it: it bears the request's id and is its answer too. */
  async deploy(request: SettingRequested, release: IndexedRelease, signal: AbortSignal): Promise<boolean> {
    const pushes = await this.find(request, release, signal);
    const outcomes = await Promise.all(pushes.map((push) => this.images.add(push)));
    for (const outcome of outcomes) if (!outcome.ok) throw outcome.error;
    const all = outcomes.flatMap((outcome) => (outcome.ok ? outcome.releases : []));
    return all.some((one) => one.release === release.key && one.kind !== 'candidate');
  }

  private async find(request: SettingRequested, release: IndexedRelease, signal: AbortSignal): Promise<ImagePushed[]> {
    const since = new Date(Date.parse(request.time) - LOOK_BACK_MS);
    const pushes: ImagePushed[] = [];
    for (const [name, [place]] of release.images) {
      if (!place) continue;
      const newest = pickNewest(await this.registry.newest(place.image, since, signal), release.settings.tagPolicy);
      const isThere =
        newest?.image.tag === place.image.tag && (place.image.digest ?? newest?.digest) === newest?.digest;
      if (newest && !isThere) pushes.push(pushOf(request, name, newest));
    }
    return pushes;
  }
}

function pickNewest(found: readonly FoundImage[], policy: TagPolicy | undefined): FoundImage | undefined {
  if (!policy) return undefined;
  const allowed = found.filter(({ image }) => isTagAllowed(policy, image.tag));
  const [first, ...others] = allowed;
  return others.reduce((best, next) => (isNewer(policy, best, next) ? next : best), first);
}

function isNewer(policy: TagPolicy, best: FoundImage | undefined, next: FoundImage): boolean {
  if (!best) return true;
  const [current, candidate] = [best, next].map(({ image, pushedAt }) => ({ ...image, pushedAt }));
  return current !== undefined && candidate !== undefined && compareImages(policy, current, candidate) === 'newer';
}

function pushOf(request: SettingRequested, repository: string, { image, pushedAt }: FoundImage): ImagePushed {
  const { release } = request.data;
  return {
    specversion: '1.0',
    id: idOf('image.pushed', request.id, repository, image.tag, image.digest),
    source: 'repo-committer',
    subject: `${repository}:${image.tag}`,
    time: request.time,
    pushid: request.id,
    deployid: requestDeployIdOf({ release, requestId: request.id }),
    ...(request.traceparent === undefined ? {} : { traceparent: request.traceparent }),
    type: 'image.pushed',
    data: { image, pushedAt: pushedAt.toISOString(), origin: 'resume', isOrderKnown: true },
  };
}
