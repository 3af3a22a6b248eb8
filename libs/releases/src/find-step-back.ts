import type { ImageReference } from '@shipit/contracts';
import { isTagAllowed, type TagPolicy } from '@shipit/images';
import type { CommitTrailers, DeployTrailer } from './commit-trailers.js';
import type { CurrentImage } from './decide-push.js';
import type { ImageHistory, PastCommit, StandingImage } from './image-history.js';
import { isStepBack } from './step-back.js';
import type { TagTimes } from './tag-times.js';

export interface StepBackQuestion extends StandingImage {
  tagPolicy: TagPolicy | undefined;
}

/** The branch's newest commits, newest first, and what else tells of the past. */
interface BranchPast {
  commits: readonly PastCommit[];
  times: TagTimes;
  history: Pick<ImageHistory, 'changeOf'>;
}

/**
 * Whether history holds the release: a person set a tag back, from what Ship-it or a person had put there, or a rollback left a
 * hold that locks.yaml could not take. Then nothing is committed until somebody resumes. Returns what happened, for people, or undefined.
 */
export async function findStepBack(question: StepBackQuestion, past: BranchPast): Promise<string | undefined> {
  const ours = lastWord(question, past.commits);
  if (typeof ours === 'string') return ours;
  const tag = question.place.image.tag ?? 'another image';
  if (ours && (await isBack(question, past, ours))) return `Somebody set it back from ${ours.tag} to ${tag} by hand`;
  const change = await past.history.changeOf(question, past.commits);
  if (!change || !isUnderPolicy(change.before, question)) return undefined;
  const before = await past.times.of(change.before);
  if (!(await isBack(question, past, before))) return undefined;
  return `Set back from ${before.tag} to ${tag} by ${printable(change.author)} in ${change.commit.slice(0, 7)}`;
}

/** From a tag that the policy passes over, such as `latest`, nothing is set back: the release is brought under the policy. */
function isUnderPolicy({ tag }: ImageReference, { tagPolicy }: StepBackQuestion): boolean {
  return tag !== undefined && tagPolicy !== undefined && isTagAllowed(tagPolicy, tag);
}

async function isBack(
  question: StepBackQuestion,
  { commits, times }: BranchPast,
  before: DeployTrailer | CurrentImage,
): Promise<boolean> {
  const { place, tagPolicy } = question;
  if (before.tag === place.image.tag) return false;
  const isTrailer = 'release' in before;
  return isStepBack({
    isByPerson: true,
    tagPolicy,
    before: isTrailer ? { tag: before.tag, digest: before.digest, pushedAt: before.pushed } : before,
    after: await times.of(place.image),
    earlierTags: tagsBefore(isTrailer ? before : undefined, question, commits),
  });
}

/** The newest deployment by us, unless a rollback or a resume came after it: those say themselves what holds, and why. */
function lastWord(
  { release, repository }: StandingImage,
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
  ours: DeployTrailer | undefined,
  { release, repository }: StandingImage,
  commits: readonly { trailers: CommitTrailers }[],
): string[] {
  const all = commits.flatMap(({ trailers }) => trailers.deploys);
  const ofRelease = all.filter((one) => one.release === release && one.repository === repository);
  return ofRelease.flatMap((one) => (one.id === ours?.id ? [one.from] : [one.tag, one.from]));
}

/** Anybody may call themselves anything in git. */
function printable(name: string): string {
  return (
    name
      .replace(/\p{C}+/gu, ' ')
      .trim()
      .slice(0, 80) || 'somebody'
  );
}
