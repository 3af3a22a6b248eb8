import { idOf, type ImageIgnored, type ImagePushed, type PushedImage, traceparentOf } from '@shipit/contracts';
import { pushIdOf } from '@shipit/images';

export interface ConfirmedPush {
  readonly image: PushedImage;
  /** When the tag was pushed. */
  readonly pushedAt: Date;
  readonly origin: 'event' | 'sweep';
  readonly isOrderKnown: boolean;
  /** The image was there before, and only the tag was moved to it at `pushedAt`. */
  readonly isRetagged: boolean;
}

/**
 * The event of a push. An event from the queue and the sweep that finds the same push give the same ids.
 * A tag that was moved to an image of before is a push of its own each time, told apart by its time.
 */
export function imagePushed(push: ConfirmedPush, now: Date): ImagePushed {
  const { image, origin, isOrderKnown } = push;
  const pushedAt = push.pushedAt.toISOString();
  const pushid = pushIdOf(image, push.isRetagged ? pushedAt : '');
  return {
    specversion: '1.0',
    type: 'image.pushed',
    // A push of unknown order is only reported: it must not stand in the way of the same push told with its order.
    id: idOf('image.pushed', pushid, isOrderKnown ? '' : 'order unknown'),
    source: 'image-push-listener',
    subject: `${image.registry}/${image.repository}:${image.tag}`,
    time: now.toISOString(),
    pushid,
    traceparent: traceparentOf(pushid),
    data: { image, pushedAt, origin, isOrderKnown },
  };
}

export interface IgnoredPush {
  /** Registry, repository and tag, as far as they are known. */
  readonly image?: string | undefined;
  readonly reason: string;
  readonly message: string;
}

/** The event of a message that leads nowhere; the same message gives the same id. */
export function imageIgnored({ image, reason, message }: IgnoredPush, body: unknown, now: Date): ImageIgnored {
  return {
    specversion: '1.0',
    type: 'image.ignored',
    id: idOf('image.ignored', reason, JSON.stringify(body) ?? ''),
    source: 'image-push-listener',
    subject: image ?? 'unknown',
    time: now.toISOString(),
    data: { ...(image !== undefined && { image }), reason, message },
  };
}
