import { ShipitEvent } from '@shipit/contracts';
import { type MessageContext, MessageHandler } from '@shipit/messaging';
import type { Target } from '../config.js';
import { Deliveries } from '../deliver-event/deliveries.js';
import { decideTargets } from './decide-targets.js';

/** Makes one delivery of an event for each target that wants it, so that a target which fails holds up no other. */
export class FanOutEventHandler extends MessageHandler<typeof ShipitEvent> {
  readonly schema = ShipitEvent;

  constructor(
    private readonly targets: readonly Target[],
    private readonly deliveries: Deliveries,
  ) {
    super();
  }

  async handle(event: ShipitEvent, { log }: MessageContext): Promise<void> {
    const wanted = decideTargets(event, this.targets);
    for (const { name } of wanted) await this.deliveries.add(name, event);
    log.info({ targets: wanted.map(({ name }) => name) }, 'event fanned out');
  }
}
