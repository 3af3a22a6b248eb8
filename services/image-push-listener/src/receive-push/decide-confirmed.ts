import { findForeignKind } from '@shipit/images';
import type { DescribedImage } from '@shipit/registries';
import type { ConfirmedPush, IgnoredPush } from '../pushes/push-events.js';
import type { ClaimedPush } from './decide-push.js';

export type ConfirmedDecision =
  { readonly outcome: 'confirmed'; readonly push: ConfirmedPush } | ({ readonly outcome: 'ignored' } & IgnoredPush);

/** EventBridge tells whole seconds; within this the image and its tag were pushed in one go. */
const samePushMs = 2_000;

/**
 * Compares what a message claims with what the registry holds.
 *
 * An image that was pushed with its tag bears the registry's own time: it is exact, and the sweep finds the same.
 * A tag that was moved to an image of before bears the event's time.
 */
export function decideConfirmed(claim: ClaimedPush, actual: DescribedImage | undefined): ConfirmedDecision {
  const { registry, repository, tag } = claim;
  const name = `${registry}/${repository}:${tag}`;
  if (!actual) return ignored('not in the registry', `The registry knows no ${name}`, name);
  if (claim.digest !== undefined && claim.digest !== actual.digest) {
    return ignored(
      'superseded',
      `The registry has another digest for ${name} than the message: ${actual.digest}`,
      name,
    );
  }
  const foreign = findForeignKind({ tag, mediaType: actual.mediaType, artifactMediaType: actual.artifactMediaType });
  if (foreign !== undefined) return ignored('not a container image', `${name} is ${foreign}`, name);
  const isRetagged = claim.pushedAt.getTime() - actual.pushedAt.getTime() > samePushMs;
  return {
    outcome: 'confirmed',
    push: {
      image: { registry, repository, tag, digest: actual.digest },
      pushedAt: isRetagged ? claim.pushedAt : actual.pushedAt,
      origin: 'event',
      isOrderKnown: true,
      isRetagged,
    },
  };
}

function ignored(reason: string, message: string, image: string): ConfirmedDecision {
  return { outcome: 'ignored', reason, message, image };
}
