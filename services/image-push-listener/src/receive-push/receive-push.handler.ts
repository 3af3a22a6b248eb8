import { EventBus, type MessageContext, MessageHandler, TerminalError } from '@shipit/messaging';
import { Clock, crashPoint } from '@shipit/platform';
import { Registry } from '@shipit/registries';
import { z } from 'zod';
import { imageIgnored, imagePushed, type IgnoredPush } from '../pushes/push-events.js';
import type { WatchedRegistry } from '../pushes/watched-repositories.js';
import { decideConfirmed } from './decide-confirmed.js';
import { decidePush } from './decide-push.js';

/**
 * Turns a message of the intake queue into `image.pushed`.
 *
 * The message is a claim: the registry is asked what the tag holds. Returning deletes the message, so it returns only after
 * the event is queued. What is no push of ours is told in the feed; what is not understood becomes a dead letter.
 */
export class ReceivePushHandler extends MessageHandler<z.ZodUnknown> {
  readonly schema = z.unknown();

  constructor(
    private readonly registry: Registry,
    private readonly events: EventBus,
    private readonly clock: Clock,
    private readonly registries: readonly WatchedRegistry[],
  ) {
    super();
  }

  async handle(body: unknown, { log, signal }: MessageContext): Promise<void> {
    const decision = decidePush(body, { registries: this.registries, now: this.clock.now() });
    if (decision.outcome === 'rejected') throw new TerminalError(decision.reason);
    if (decision.outcome === 'ignored') return this.ignore(decision, body, log);

    const actual = await this.registry.describe(decision.push, signal);
    const confirmed = decideConfirmed(decision.push, actual);
    if (confirmed.outcome === 'ignored') return this.ignore(confirmed, body, log);

    const event = imagePushed(confirmed.push, this.clock.now());
    await this.events.publish(event);
    crashPoint('image-push-listener.after-publish');
    log.info({ pushId: event.pushid, image: event.subject, digest: event.data.image.digest }, 'push accepted');
  }

  private async ignore(push: IgnoredPush, body: unknown, log: MessageContext['log']): Promise<void> {
    await this.events.publish(imageIgnored(push, body, this.clock.now()));
    log.info({ image: push.image, reason: push.reason }, 'message ignored');
  }
}
