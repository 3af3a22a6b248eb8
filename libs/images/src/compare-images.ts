import type { RE2JS } from 're2js';
import { compareBig, SemanticVersion } from './semantic-version.js';
import type { TagPolicy } from './tag-policy.js';

/** A tag with what is known of it. `pushedAt` is when the tag was pushed, not when the image was built. */
export interface TaggedImage {
  tag?: string | undefined;
  digest?: string | undefined;
  pushedAt?: Date | string | undefined;
}

export type ImageOrder = 'newer' | 'same' | 'older' | 'unknown';

/**
 * What the candidate is beside the current image: later push for git-sha, any and regex without capture; higher version otherwise.
 * Ties: later push, then name. `unknown` where what would decide is not known; never a guess.
 */
export function compareImages(policy: TagPolicy, current: TaggedImage, candidate: TaggedImage): ImageOrder {
  if (isSame(current, candidate)) return 'same';
  const byVersion = compareVersions(policy, current.tag, candidate.tag);
  if (byVersion === 'newer' || byVersion === 'older' || byVersion === 'unknown') return byVersion;
  const byPush = comparePushes(current, candidate);
  if (byPush === 'newer' || byPush === 'older') return byPush;
  return byPush === 'unknown' && byVersion === 'no version' ? 'unknown' : compareNames(current.tag, candidate.tag);
}

/** An unknown digest is taken to be the same: the file does not say more than the tag. */
function isSame(current: TaggedImage, candidate: TaggedImage): boolean {
  if (current.tag !== candidate.tag) return false;
  return current.digest === undefined || candidate.digest === undefined || current.digest === candidate.digest;
}

/** `no version`: versions do not decide here. A current tag from before the policy gives way to a later push. */
function compareVersions(
  policy: TagPolicy,
  current: string | undefined,
  candidate: string | undefined,
): 'newer' | 'older' | 'unknown' | 'tie' | 'no version' {
  const read = versionReader(policy);
  if (!read) return 'no version';
  const next = read(candidate ?? '');
  if (next === undefined) return 'unknown';
  const now = read(current ?? '');
  if (now === undefined) return 'no version';
  const order = next.compare(now);
  return order === 0 ? 'tie' : order > 0 ? 'newer' : 'older';
}

interface Version {
  compare(other: Version): number;
}

function versionReader(policy: TagPolicy): ((tag: string) => Version | undefined) | undefined {
  if (policy.kind === 'semver') return SemanticVersion.read;
  if (policy.kind === 'regex' && policy.hasCapture) return (tag) => CapturedNumber.read(policy.pattern, tag);
  return undefined;
}

class CapturedNumber implements Version {
  private constructor(private readonly value: bigint) {}

  /** The captured digits, of any length. */
  static read(pattern: RE2JS, tag: string): CapturedNumber | undefined {
    const match = pattern.matcher(tag);
    const text = match.find() ? match.group(1) : null;
    return text !== null && /^\d+$/.test(text) ? new CapturedNumber(BigInt(text)) : undefined;
  }

  compare({ value }: CapturedNumber): number {
    return compareBig(this.value, value);
  }
}

function comparePushes(current: TaggedImage, candidate: TaggedImage): 'newer' | 'older' | 'tie' | 'unknown' {
  const before = timeOf(current.pushedAt);
  const after = timeOf(candidate.pushedAt);
  if (before === undefined || after === undefined) return 'unknown';
  if (after === before) return 'tie';
  return after > before ? 'newer' : 'older';
}

function timeOf(time: Date | string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const milliseconds = new Date(time).getTime();
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** By code unit, so that every replica on every machine decides the same. One tag with two digests has no order left. */
function compareNames(current: string | undefined, candidate: string | undefined): ImageOrder {
  if (current === undefined || candidate === undefined || current === candidate) return 'unknown';
  return candidate > current ? 'newer' : 'older';
}
