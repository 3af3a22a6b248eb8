import type { DecisionReason, PushedImage } from '@shipit/contracts';
import {
  compareImages,
  formatTagPolicy,
  type ImageOrder,
  sameRepository,
  type TaggedImage,
  type TagPolicy,
  isTagAllowed,
  tryParseImage,
} from '@shipit/images';
import type { Refusal } from '@shipit/yaml-edit';
import type { BlockedImage, ReleaseLock } from './locks.js';

/** What lets a release take pushes by themselves, or not. */
export interface ReleaseGate {
  release: string;
  autodeploy: boolean;
  /** Absent: the annotation cannot be read. */
  tagPolicy: TagPolicy | undefined;
  isSuspended: boolean;
  /** Absent: locks.yaml cannot be read, so nothing is committed automatically. */
  lock: ReleaseLock | undefined;
}

export interface PushToDecide extends ReleaseGate {
  pushed: PushedImage & { pushedAt: Date | string | undefined };
  /** What stands in the release's file now, one for each place of this repository. Empty: not used here. */
  current: readonly CurrentImage[];
}

export interface CurrentImage extends TaggedImage {
  /** The registry has no such tag any more: what is pushed now is newer. */
  isGone?: boolean;
  /** Then: somebody changed the file after the push, so the tag may have come after it. */
  isChangedSince?: boolean;
}

export interface PushDecision {
  action: 'commit' | 'none';
  reason: DecisionReason;
  /** One sentence for the feed, `explain` and the API. */
  message: string;
}

/**
 * Whether a pushed image goes into a release's file. The one table: what is told to people comes from here.
 * First what is wrong with the image for good, then what people can lift, so that the reason told is the one to act on.
 */
export function decidePush(push: PushToDecide): PushDecision {
  const order = orderOf(push);
  for (const [reason, message] of rules(push, order)) if (message) return { action: 'none', reason, message };
  return decideNewer(names(push).image, names(push).current);
}

/** What led to a commit that is in the branch. `from` is empty where no tag stood there before. */
export function decideCommitted({ tag, from }: { tag: string; from: string }): PushDecision {
  if (from !== '') return decideNewer(short(tag), short(from));
  return { action: 'commit', reason: 'newer', message: `${short(tag)} is the first image` };
}

function decideNewer(image: string, current: string): PushDecision {
  return { action: 'commit', reason: 'newer', message: `${image} is newer than ${current}` };
}

/** The decision where the file does not let the image be set safely. */
export function decideRefused(path: string, refusals: readonly Refusal[]): PushDecision {
  const places = refusals.slice(0, 3).map(({ line, column, reason }) => `${path}:${line}:${column}: ${reason}`);
  return { action: 'none', reason: 'cannot be edited', message: places.join('; ') || `${path} cannot be edited` };
}

/** Whether no push at all is committed to the release by itself, until a person changes something or a lock's time is over. */
export function takesNoPush(gate: ReleaseGate): boolean {
  return !gate.tagPolicy || gateRules(gate, 'a push').some(([, message]) => message);
}

type Rule = [reason: DecisionReason, message: string | false | undefined];

function rules(push: PushToDecide, order: ImageOrder): Rule[] {
  const { release, lock } = push;
  const { image, current } = names(push);
  return [
    ['not used here', push.current.length === 0 && `${release} does not use ${push.pushed.repository}`],
    ['tag not allowed', tagProblem(push)],
    ['same', order === 'same' && `${image} stands in the file already${pinAdvice(push)}`],
    ['older', order === 'older' && `${image} is older than ${current}`],
    ...gateRules(push, image),
    ...blockRules(push, lock?.blocked ?? []),
    ['order unknown', order === 'unknown' && `Nobody knows whether ${image} is newer than ${current}`],
  ];
}

function gateRules({ release, autodeploy, isSuspended, lock }: ReleaseGate, image: string): Rule[] {
  const { locked = [], held = [] } = lock ?? {};
  return [
    ['autodeploy off', !autodeploy && `${image} could be deployed: shipit.dev/autodeploy is not "true"`],
    ['suspended', isSuspended && `${release} is suspended: ${image} waits`],
    ['locked', !lock && `locks.yaml cannot be read: ${image} waits`],
    ['locked', locked.length > 0 && `${release} is locked: ${locked.join('; ')}`],
    ['held', held.length > 0 && `${release} waits for a resume: ${held.join('; ')}`],
  ];
}

/** Whether one of the blocks forbids the image, or nobody knows. */
export function isBlocked(push: Pick<PushToDecide, 'release' | 'pushed'>, blocked: readonly BlockedImage[]): boolean {
  return blockRules(push, blocked).some(([, message]) => message);
}

/** A block forbids its digest, and lets only a strictly newer push follow. */
function blockRules(
  { pushed, release }: Pick<PushToDecide, 'release' | 'pushed'>,
  blocked: readonly BlockedImage[],
): Rule[] {
  const image = short(pushed.tag);
  return blocked.flatMap((block): Rule[] => {
    if (block.digest === pushed.digest) return [['blocked', `${image} was rolled back on ${release} and is blocked`]];
    const named = tryParseImage(block.image);
    if (!named || !sameRepository(named, pushed) || block.pushed === undefined) return [];
    const [then, now] = [
      Date.parse(block.pushed),
      pushed.pushedAt === undefined ? NaN : new Date(pushed.pushedAt).getTime(),
    ];
    if (Number.isNaN(now))
      return [['order unknown', `Nobody knows whether ${image} was pushed after the blocked ${short(named.tag)}`]];
    return [['older', now <= then && `${image} was not pushed after the blocked ${short(named.tag)}`]];
  });
}

function names({ pushed, current }: PushToDecide): { image: string; current: string } {
  const others = new Set(current.filter(({ tag }) => tag !== pushed.tag).map(({ tag }) => short(tag)));
  return { image: short(pushed.tag), current: [...others].join(', ') || 'what its tag stood for' };
}

function tagProblem({ tagPolicy, pushed }: PushToDecide): string | undefined {
  if (!tagPolicy) return 'shipit.dev/image-tags cannot be read: no tag is allowed';
  if (isTagAllowed(tagPolicy, pushed.tag)) return undefined;
  return `The tag ${short(pushed.tag)} is not allowed by ${formatTagPolicy(tagPolicy)}`;
}

/** Beside several places: never a step back for one of them, and a commit as soon as one is behind. */
function orderOf({ tagPolicy, current, pushed }: PushToDecide): ImageOrder {
  const orders = current.map((place): ImageOrder => {
    if (!tagPolicy) return 'unknown';
    if (!place.isGone || place.tag === pushed.tag) return compareImages(tagPolicy, place, pushed);
    return place.isChangedSince ? 'unknown' : 'newer';
  });
  if (orders.length > 0 && orders.every((order) => order === 'same')) return 'same';
  return orders.find((order) => order === 'older') ?? orders.find((order) => order === 'unknown') ?? 'newer';
}

function pinAdvice({ current }: PushToDecide): string {
  return current.some(({ digest }) => digest === undefined)
    ? ' by its tag alone: pin the digest to have moved tags deployed'
    : '';
}

function short(tag: string | undefined): string {
  return tag === undefined ? 'an image without a tag' : /^[0-9a-f]{40}$/.test(tag) ? tag.slice(0, 7) : tag;
}
