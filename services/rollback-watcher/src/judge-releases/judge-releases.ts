import type { OnApplicationBootstrap } from '@nestjs/common';
import type { Cluster, KubernetesObject } from '@shipit/clusters';
import {
  HelmRelease,
  helmReleaseApiVersion,
  isPlainData,
  type ShipitConfig,
  type ShipitEvent,
} from '@shipit/contracts';
import type { EventBus } from '@shipit/messaging';
import type { Clock, Log, Shutdown } from '@shipit/platform';
import { countFailing } from './count-failing.js';
import { decideRollback } from './decide-rollback.js';
import { eventOf } from './judgement-events.js';

export interface JudgeParts {
  clock: Clock;
  shutdown: Shutdown;
  log: Log;
  settings: ShipitConfig['rollback'];
}

/**
 * Judges every release: at start, at an interval, and when an event says that one moved.
 *
 * The watcher keeps nothing. What it asks for is derived from HelmRelease objects each time; ids are the same for the same
 * deployment, so what was asked for already is dropped by the bus, and what Redis lost is asked for again.
 */
export class JudgeReleases implements OnApplicationBootstrap {
  constructor(
    private readonly cluster: Cluster,
    private readonly events: EventBus,
    private readonly parts: JudgeParts,
  ) {}

  onApplicationBootstrap(): void {
    void this.keepJudging();
  }

  async judgeAll(): Promise<void> {
    const { clock, log, settings } = this.parts;
    const now = clock.now();
    const releases = (await this.cluster.list({ apiVersion: helmReleaseApiVersion, kind: 'HelmRelease' })).flatMap(
      parse,
    );
    const failing = countFailing(releases, now, settings.outageWindowSeconds);
    const found: ShipitEvent[] = [];
    for (const release of releases) {
      const judgement = decideRollback(release, {
        now,
        failing: failing.get(release.spec.cluster ?? '') ?? 0,
        outageReleases: settings.outageReleases,
      });
      const event = eventOf(judgement, release, { now, cluster: this.cluster.name });
      if (!event) continue;
      log.info({ release: event.subject, judgement: judgement.action, type: event.type }, 'release judged');
      found.push(event);
    }
    await this.events.publish(...found);
  }

  private async keepJudging(): Promise<void> {
    const { clock, shutdown, log, settings } = this.parts;
    while (!shutdown.signal.aborted) {
      await this.judgeAll().catch((error: unknown) => log.warn({ err: error }, 'releases cannot be judged now'));
      await clock.sleep(settings.everySeconds * 1000, shutdown.signal).catch(() => undefined);
    }
  }
}

function parse(object: KubernetesObject): HelmRelease[] {
  const release = isPlainData(object) ? HelmRelease.safeParse(object).data : undefined;
  return release && !release.metadata.deletionTimestamp ? [release] : [];
}
