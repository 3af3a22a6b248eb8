import { ShipitEvent } from '@shipit/contracts';
import { type MessageContext, MessageHandler } from '@shipit/messaging';
import { CloudEvent, HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import type { Target } from '../config.js';
import type { DisabledTargets } from './disabled-targets.js';
import { postOnce } from './post-once.js';

const timeoutMs = 10_000;

/**
 * Delivers one event to one target: CloudEvents structured JSON, signed as Standard Webhooks. At least once; the receiver tells
 * repeats by `webhook-id`, the event's id. 2xx is success; 410 disables the target; all else is tried again with growing delays.
 */
export class DeliverEventHandler extends MessageHandler<typeof ShipitEvent> {
  readonly schema = ShipitEvent;
  private readonly webhook: Webhook;

  /** @throws Error where the secret is not one of Standard Webhooks. */
  constructor(
    private readonly target: Target,
    secret: string,
    private readonly disabled: DisabledTargets,
  ) {
    super();
    this.webhook = new Webhook(secret);
  }

  async handle(event: ShipitEvent, { log, signal, attempt }: MessageContext): Promise<void> {
    const { name, url, allowPrivate } = this.target;
    if (await this.disabled.has(this.target)) return log.info({ target: name }, 'delivery dropped: target is disabled');

    const { headers, body } = this.envelope(event);
    const status = await postOnce({ url, headers, body, allowPrivate, timeoutMs }, signal);

    if (status === 410) {
      await this.disabled.add(this.target);
      return log.error({ target: name }, 'target disabled: it answered 410 Gone');
    }
    if (status < 200 || status > 299) throw new Error(`Target ${name} answered ${status}`);
    log.info({ target: name, status, attempt }, 'event delivered');
  }

  private envelope(event: ShipitEvent): { headers: Record<string, string>; body: string } {
    const message = HTTP.structured(new CloudEvent<unknown>({ ...event, datacontenttype: 'application/json' }));
    const body = message.body as string;
    const now = new Date();
    return {
      body,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'user-agent': 'ship-it',
        'webhook-id': event.id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
        'webhook-signature': this.webhook.sign(event.id, now, body),
      },
    };
  }
}
