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
  return policy && current && candidate ? 'unknown' : 'same';
}
