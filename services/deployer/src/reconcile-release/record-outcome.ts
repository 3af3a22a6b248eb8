import type { EventBus } from '@shipit/messaging';
import { crashPoint } from '@shipit/platform';
import type { ReleaseObjects } from '../release-objects/release-objects.js';
import { buildStatus } from './build-status.js';
import type { Outcome, SeenRelease } from './outcome.js';
import { eventOf } from './release-events.js';

/** Announces, then records: a stop in between only repeats the announcement, under the same id. */
export class OutcomeRecorder {
  constructor(
    private readonly objects: ReleaseObjects,
    private readonly events: EventBus,
  ) {}

  async record(pass: SeenRelease, outcome: Outcome): Promise<void> {
    const status = buildStatus(pass, outcome);
    const event = eventOf(pass, outcome, status);
    if (event) {
      await this.events.publish(event);
      crashPoint('deployer.after-announce');
    }
    await this.objects.recordStatus(pass.release, status);
  }
}
