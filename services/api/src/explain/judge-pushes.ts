import type { Explanation, ImageReference, PushedImage } from '@shipit/contracts';
import { canonicalRepository, compareImages } from '@shipit/images';
import {
  type CurrentImage,
  decideDeploy,
  deployIdOf,
  findStepBack,
  type ImageHistory,
  lockOf,
  type PastCommit,
  type PushDecision,
  type ReleaseLock,
  TagTimes,
  type TagLookup,
} from '@shipit/releases';
import type { Declaration } from './read-declaration.js';

export type Candidate = Explanation['candidates'][number];

/** A tag that a release could run. */
export interface KnownPush {
  image: PushedImage;
  pushedAt: string;
}

export interface JudgeContext {
  declaration: Declaration;
  /** The branch's newest, newest first. */
  commits: readonly PastCommit[];
  history: ImageHistory;
  registry: TagLookup;
  /** Whether somebody changed the release's file after a time. */
  wasChangedSince: (time: Date) => Promise<boolean>;
  now: Date;
  /** So old may a push be that is taken up when what kept it back has ended. */
  sinceHours: number;
}

/** Decides on pushes as the committer would at this tip, and keeps those of which a person would want to hear. */
export async function judgePushes(pushes: readonly KnownPush[], context: JudgeContext): Promise<Candidate[]> {
  const { declaration, commits, registry } = context;
  const times = new TagTimes(registry, commits);
  const past = tagsOfThePast(context);
  const judged: Candidate[] = [];
  for (const push of pushes) {
    const { reason, message } = await judge(push, context, times);
    const isPast = reason === 'older' && past.has(keyOf(canonicalRepository(push.image), push.image.tag));
    if (reason === 'same' || reason === 'not used here' || isPast || isWhatRuns(push, pushes, declaration)) continue;
    judged.push({ image: nameOf(push.image), pushedAt: push.pushedAt, reason, message });
  }
  return worthTelling(judged);
}

/** Tags that the release had before: that they are older is no news. */
function tagsOfThePast({ declaration, commits }: JudgeContext): Set<string> {
  const deploys = commits.flatMap(({ trailers }) => trailers.deploys);
  const ofRelease = deploys.filter(({ release }) => release === declaration.document.key);
  return new Set(ofRelease.flatMap(({ repository, tag, from }) => [keyOf(repository, tag), keyOf(repository, from)]));
}

function keyOf(repository: string, tag: string): string {
  return `${repository} ${tag}`;
}

/** What keeps a release from automatic commits whatever is pushed, in the words of people. */
export function lockOfDeclaration({
  declaration,
  now,
}: Pick<JudgeContext, 'declaration' | 'now'>): ReleaseLock | undefined {
  const { locks, document } = declaration;
  return locks.ok ? lockOf(locks.locks, document.key, now) : undefined;
}

export function nameOf({ registry, repository, tag }: PushedImage): string {
  return `${registry}/${repository}:${tag}`;
}

/** What is older than the image that runs is told only where nothing else waits. Newest first. */
export function worthTelling(candidates: readonly Candidate[]): Candidate[] {
  const newer = candidates.filter(({ reason }) => reason !== 'older');
  return (newer.length > 0 ? newer : [...candidates]).sort((a, b) => Date.parse(b.pushedAt) - Date.parse(a.pushedAt));
}

async function judge(push: KnownPush, context: JudgeContext, times: TagTimes): Promise<PushDecision> {
  const { image, pushedAt } = push;
  const { declaration, commits, history } = context;
  const { document, settings, path, text } = declaration;
  const { autodeploy, tagPolicy } = settings;
  const pushed = { ...image, pushedAt };
  const repository = canonicalRepository(image);
  const places = declaration.images.filter((place) => canonicalRepository(place.image) === repository);
  const dated = async (place: ImageReference): Promise<CurrentImage> => {
    if (tagPolicy && compareImages(tagPolicy, place, image) !== 'unknown') return place;
    const found = await times.of(place);
    return found.isGone ? { ...found, isChangedSince: await context.wasChangedSince(new Date(pushedAt)) } : found;
  };
  const current = await Promise.all(places.map((place) => dated(place.image)));
  const stepBacks = await Promise.all(
    places.map((place) =>
      findStepBack({ release: document.key, path, repository, place, tagPolicy }, { commits, times, history }),
    ),
  );
  const held = stepBacks.filter((reason) => reason !== undefined);
  const lock = lockOfDeclaration(context);
  const toDecide = {
    release: document.key,
    pushed,
    current,
    autodeploy,
    tagPolicy,
    isSuspended: document.spec?.suspend ?? false,
    lock: lock && { ...lock, held: [...lock.held, ...held] },
  };
  const decision = decideDeploy(toDecide, { path, text, document: document.document });
  if (decision.action === 'none') return decision;
  return { ...decision, message: `${decision.message}${whatFollows(push, context)}` };
}

/** The committer takes up what a lock, a hold, a suspension or autodeploy kept back, unless it is old or was deployed before. */
function whatFollows({ image, pushedAt }: KnownPush, { declaration, commits, now, sinceHours }: JudgeContext): string {
  const ageMs = now.getTime() - Date.parse(pushedAt);
  if (ageMs < inHandMs) return ' and is about to be committed';
  const id = deployIdOf({ ...image, release: declaration.document.key });
  const wasDeployed = commits.some(({ trailers }) => trailers.deploys.some((deploy) => deploy.id === id));
  if (wasDeployed) return `. It was deployed before and undone: ${byResume}`;
  return ageMs < sinceHours * 3_600_000
    ? `. When it came it could not be deployed; now it can. Where a lock, a hold, a suspension or autodeploy kept it back it follows within a minute; else ${byResume}`
    : `. When it came it could not be deployed; now it can, but it is over ${sinceHours} hours old: ${byResume}`;
}

const byResume = '`shipit resume` deploys the newest image that is allowed';
const inHandMs = 60_000;

/** The same image under another tag, such as `latest`. */
function isWhatRuns({ image }: KnownPush, pushes: readonly KnownPush[], { images }: Declaration): boolean {
  const repository = canonicalRepository(image);
  const running = images.flatMap(({ image: one }) => {
    if (canonicalRepository(one) !== repository) return [];
    const known = pushes.find((push) => canonicalRepository(push.image) === repository && push.image.tag === one.tag);
    return one.digest ?? known?.image.digest ?? [];
  });
  return running.includes(image.digest);
}
