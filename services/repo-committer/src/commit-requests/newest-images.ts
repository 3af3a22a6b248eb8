import { type ImagePushed, idOf } from '@shipit/contracts';
import { compareImages, isTagAllowed, type TagPolicy } from '@shipit/images';
import { requestDeployIdOf } from '@shipit/releases';
import type { FoundImage, Registry } from '@shipit/registries';
import type { IndexedRelease } from '../index-releases/release-index.js';
import type { SettingRequested } from './plan-request.js';

const LOOK_BACK_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * The newest allowed image of each repository that a release uses, as pushes of the request's own:
 * they bear its id, so they are deployments of their own and not the ones that a rollback or a person undid.
 */
export async function newestImages(
  request: SettingRequested,
  release: IndexedRelease,
  registry: Registry,
  signal: AbortSignal,
): Promise<ImagePushed[]> {
  const since = new Date(Date.parse(request.time) - LOOK_BACK_MS);
  const pushes: ImagePushed[] = [];
  for (const [name, [place]] of release.images) {
    if (!place) continue;
    const newest = pickNewest(await registry.newest(place.image, since, signal), release.settings.tagPolicy);
    const isThere = newest?.image.tag === place.image.tag && (place.image.digest ?? newest?.digest) === newest?.digest;
    if (newest && !isThere) pushes.push(pushOf(request, name, newest));
  }
  return pushes;
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
