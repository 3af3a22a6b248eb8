import type { ImageReference } from '@shipit/contracts';
import type { TagPolicy } from '@shipit/images';
import type { CommitTrailers, DeployTrailer } from './commit-trailers.js';
import { isStepBack } from './step-back.js';
import type { TagTimes } from './tag-times.js';

export interface StepBackQuestion {
  release: string;
  /** Canonical name of the image's repository. */
  repository: string;
  /** What stands in the file now. */
  image: ImageReference;
  tagPolicy: TagPolicy | undefined;
}

/**
 * Whether history holds the release: a person set a tag back after Ship-it's last word on it, or a rollback left a hold that
 * locks.yaml could not take. Then nothing is committed until somebody resumes. Returns what happened, for people, or undefined.
 */
export async function findStepBack(
  { release, repository, image, tagPolicy }: StepBackQuestion,
  commits: readonly { trailers: CommitTrailers }[],
  times: TagTimes,
): Promise<string | undefined> {
  const ours = lastWord(release, repository, commits);
  if (typeof ours === 'string') return ours;
  if (!ours || ours.tag === image.tag) return undefined;
  const isBack = isStepBack({
    isByPerson: true,
    tagPolicy,
    before: { tag: ours.tag, digest: ours.digest, pushedAt: ours.pushed },
    after: await times.of(image),
    earlierTags: tagsBefore(ours, release, repository, commits),
  });
  return isBack ? `Somebody set it back from ${ours.tag} to ${image.tag ?? 'another image'} by hand` : undefined;
}

/** The newest deployment by us, unless a rollback or a resume came after it: those say themselves what holds, and why. */
function lastWord(
  release: string,
  repository: string,
  commits: readonly { trailers: CommitTrailers }[],
): DeployTrailer | string | undefined {
  for (const { trailers } of commits) {
    const deploy = trailers.deploys.find((one) => one.release === release && one.repository === repository);
    if (deploy) return deploy;
    const requests = trailers.requests.filter((one) => one.release === release).map(({ kind }) => kind);
    if (requests.includes('Hold')) return `It was rolled back: ${trailers.rollbackCause ?? 'for a reason not told'}`;
    const isRollback = trailers.rollbacks.some((one) => one.release === release);
    if (isRollback || requests.includes('Resume')) return undefined;
  }
  return undefined;
}

function tagsBefore(
  { id, from }: DeployTrailer,
  release: string,
  repository: string,
  commits: readonly { trailers: CommitTrailers }[],
): string[] {
  const all = commits.flatMap(({ trailers }) => trailers.deploys);
  const ofRelease = all.filter((one) => one.release === release && one.repository === repository && one.id !== id);
  return [from, ...ofRelease.flatMap((one) => [one.tag, one.from])];
}
