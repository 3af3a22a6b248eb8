import { findForeignKind } from '@shipit/images';
import type { FoundImage } from '@shipit/registries';
import type { ConfirmedPush } from '../pushes/push-events.js';

/** What the sweep before saw behind each tag of one repository. */
export type SeenTags = ReadonlyMap<string, { readonly digest: string; readonly pushedAt: Date }>;

/**
 * Which pushes a look at one repository yields, oldest first.
 *
 * Pushes since `since` are told as pushes. Where there is none, the newest image from before is told without an order: somebody
 * may want it, and nothing deploys it by itself. So is a tag that was seen to move to an older image: nobody knows when.
 */
export function decideSweep(found: readonly FoundImage[], since: Date, seen: SeenTags): ConfirmedPush[] {
  const images = found.filter((one) => findForeignKind({ ...one, tag: one.image.tag }) === undefined);
  const newest = images.reduce((latest, { pushedAt }) => Math.max(latest, pushedAt.getTime()), 0);
  return images.flatMap((one): ConfirmedPush[] => {
    const isRecent = one.pushedAt >= since;
    const isMoved = wasMovedBack(one, seen);
    const isNewest = one.pushedAt.getTime() === newest;
    if (!isRecent && !isMoved && !isNewest) return [];
    const { image, pushedAt } = one;
    return [{ image, pushedAt, origin: 'sweep', isOrderKnown: isRecent && !isMoved, isRetagged: false }];
  });
}

export function rememberTags(found: readonly FoundImage[]): SeenTags {
  return new Map(found.map(({ image, digest, pushedAt }) => [image.tag, { digest, pushedAt }]));
}

function wasMovedBack({ image, digest, pushedAt }: FoundImage, seen: SeenTags): boolean {
  const before = seen.get(image.tag);
  return before !== undefined && before.digest !== digest && pushedAt <= before.pushedAt;
}
