import type { OnApplicationBootstrap } from '@nestjs/common';
import type { ShipitConfig } from '@shipit/contracts';
import { formatEcrRegistry } from '@shipit/images';
import type { EventBus } from '@shipit/messaging';
import type { Clock, Log, Shutdown } from '@shipit/platform';
import type { ImageRepository, Registry } from '@shipit/registries';
import { imagePushed } from '../pushes/push-events.js';
import { exactNames, isWatched, type WatchedRegistry } from '../pushes/watched-repositories.js';
import { decideSweep, rememberTags, type SeenTags } from './decide-sweep.js';

export interface SweepParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly shutdown: Shutdown;
  readonly registries: readonly WatchedRegistry[];
  readonly settings: ShipitConfig['sweep'];
}

/**
 * Looks through the watched repositories at start and at an interval, for pushes of which no event came.
 * Ids are those of the events, so what came both ways is dropped by the bus. A repository that cannot be read waits for the next time.
 */
export class SweepRegistries implements OnApplicationBootstrap {
  private readonly seen = new Map<string, SeenTags>();

  constructor(
    private readonly registry: Registry,
    private readonly events: EventBus,
    private readonly parts: SweepParts,
  ) {}

  onApplicationBootstrap(): void {
    void this.keepSweeping();
  }

  async sweep(): Promise<void> {
    for (const watched of this.parts.registries) {
      for (const repository of await this.listRepositories(watched)) {
        await this.attempt(repository, () => this.sweepRepository(repository));
      }
    }
  }

  private async keepSweeping(): Promise<void> {
    const { clock, shutdown, settings, log } = this.parts;
    while (!shutdown.signal.aborted) {
      await this.sweep().catch((err: unknown) => log.error({ err }, 'sweep failed'));
      await clock.sleep(settings.everySeconds * 1000, shutdown.signal).catch(() => undefined);
    }
  }

  private async listRepositories(watched: WatchedRegistry): Promise<ImageRepository[]> {
    const registry = formatEcrRegistry(watched);
    const listed =
      exactNames(watched) ??
      (await this.attempt({ registry }, () => this.registry.repositories(registry, this.signal)));
    return (listed ?? []).filter((name) => isWatched(watched, name)).map((repository) => ({ registry, repository }));
  }

  private async sweepRepository(repository: ImageRepository): Promise<void> {
    const { clock, log, settings } = this.parts;
    const key = `${repository.registry}/${repository.repository}`;
    const since = new Date(clock.now().getTime() - settings.sinceHours * 3_600_000);
    // All tags, not only the newest: a tag may have been moved to any of them.
    const found = await this.registry.newest(repository, new Date(0), this.signal);
    const pushes = decideSweep(found, since, this.seen.get(key) ?? new Map());
    await this.events.publish(...pushes.map((push) => imagePushed(push, clock.now())));
    this.seen.set(key, rememberTags(found));
    log.debug({ repository: key, tags: found.length, told: pushes.length }, 'repository swept');
  }

  private async attempt<T>(subject: object, run: () => Promise<T>): Promise<T | undefined> {
    try {
      return await run();
    } catch (err) {
      if (!this.signal.aborted)
        this.parts.log.warn({ ...subject, err }, 'repository not swept, it will be tried again');
      return undefined;
    }
  }

  private get signal(): AbortSignal {
    return this.parts.shutdown.signal;
  }
}
