import type { HelmRelease, HelmReleaseStatus, ShipitEvent } from '@shipit/contracts';
import { isClusterError } from '@shipit/clusters';
import type { EventBus } from '@shipit/messaging';
import type { ReleaseObjects } from '../release-objects/release-objects.js';

export interface StatusNote {
  status: HelmReleaseStatus;
  event?: ShipitEvent;
}

const attempts = 5;

/** Notes on a release's status what others decided about it: announced first, then recorded, on the status as it is. */
export class StatusNotes {
  constructor(
    private readonly objects: ReleaseObjects,
    private readonly events: EventBus,
  ) {}

  /** `note` gives undefined where there is nothing to write. A release that is gone is left alone. */
  async write(key: string, note: (release: HelmRelease) => StatusNote | undefined): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const release = await this.objects.read(key);
      const noted = release && note(release);
      if (!release || !noted) return;
      if (noted.event) await this.events.publish(noted.event);
      try {
        await this.objects.recordStatus(release, noted.status);
        return;
      } catch (error) {
        // A pass wrote meanwhile: the note goes onto what it wrote.
        if (!isClusterError(error, 'Conflict') || attempt === attempts) throw error;
      }
    }
  }
}
