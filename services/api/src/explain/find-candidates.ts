import { type HelmRelease, type ReleaseCandidate, releaseKey } from '@shipit/contracts';
import type { GitCommit } from '@shipit/git';
import { canonicalRepository, findForeignKind } from '@shipit/images';
import type { EventLog } from '@shipit/messaging';
import type { Clock, Log } from '@shipit/platform';
import type { Registry } from '@shipit/registries';
import { parseTrailers, type ReleaseLock } from '@shipit/releases';
import {
  type Candidate,
  judgePushes,
  type KnownPush,
  lockOfDeclaration,
  nameOf,
  worthTelling,
} from './judge-pushes.js';
import type { Declaration, ReadDeclaration } from './read-declaration.js';

/** What waits for a release, and what keeps it waiting. */
export interface Outlook {
  candidates: Candidate[];
  /** Absent: nothing is known of locks. */
  lock?: ReleaseLock | undefined;
}

export interface CandidateSettings {
  clock: Clock;
  log: Log;
  /** How far back pushes are looked for in the registry. */
  sinceHours: number;
}

const shown = 5;

/**
 * Pushes of late that a release could run and does not, each with the committer's reason at the branch's tip.
 *
 * Which pushes there are is asked of the registry, so they are found also after Redis was emptied. The event log adds older ones
 * and the time at which a tag was pushed, and stands in for the registry while that does not answer.
 */
export class FindCandidates {
  constructor(
    private readonly eventLog: EventLog,
    private readonly declarations: ReadDeclaration,
    private readonly registry: Registry,
    private readonly settings: CandidateSettings,
  ) {}

  async of(release: HelmRelease, tip: string, commits: readonly GitCommit[]): Promise<Outlook> {
    const declaration = await this.declarations.of(release, tip);
    if (!declaration) return { candidates: [] };
    const { sinceHours, clock } = this.settings;
    const now = clock.now();
    const told = await this.readLog(releaseKey(release.metadata)).catch(this.missing('the event log', []));
    const logged = commits.map((commit) => ({ ...commit, trailers: parseTrailers(commit.message) }));
    const context = {
      ...{ declaration, commits: logged, registry: this.registry, now, sinceHours },
      history: this.declarations.history,
      wasChangedSince: (time: Date) => this.declarations.wasChangedSince(declaration, time, commits),
    };
    const asToldThen = worthTelling(told.filter(({ reason }) => reason !== 'same').map(candidateOf));
    const candidates = await this.findPushes(declaration, told, now)
      .then((pushes) => judgePushes(pushes, context))
      .catch(this.missing('the registry', asToldThen));
    return { candidates: candidates.slice(0, shown), lock: lockOfDeclaration({ declaration, now }) };
  }

  /** What the registry has; the push times of the log count more, because a tag may be moved to an older image. */
  private async findPushes(
    { images }: Declaration,
    told: readonly ReleaseCandidate['data'][],
    now: Date,
  ): Promise<KnownPush[]> {
    const since = new Date(now.getTime() - this.settings.sinceHours * 3_600_000);
    const repositories = new Map(images.map(({ image }) => [canonicalRepository(image), image]));
    const pushes = new Map<string, KnownPush>();
    for (const repository of repositories.values()) {
      for (const { image, pushedAt, ...kind } of await this.registry.newest(repository, since)) {
        if (findForeignKind({ tag: image.tag, ...kind }) !== undefined) continue;
        pushes.set(keyOf(image), { image, pushedAt: pushedAt.toISOString() });
      }
    }
    for (const { image, pushedAt } of told) pushes.set(keyOf(image), { image, pushedAt });
    return [...pushes.values()];
  }

  /** The newest word on each image. */
  private async readLog(release: string): Promise<ReleaseCandidate['data'][]> {
    const logged = await this.eventLog.read({
      limit: 50,
      order: 'newest first',
      filter: { types: ['release.candidate'], subjects: [release] },
    });
    const byImage = new Map<string, ReleaseCandidate['data']>();
    for (const { event } of logged) {
      if (event.type !== 'release.candidate') continue;
      const key = keyOf(event.data.image);
      if (!byImage.has(key)) byImage.set(key, event.data);
    }
    return [...byImage.values()];
  }

  private missing<T>(what: string, instead: T): (error: unknown) => T {
    return (error) => {
      this.settings.log.warn({ err: error, what }, 'a part of the explanation is missing');
      return instead;
    };
  }
}

function candidateOf({ image, pushedAt, reason, message }: ReleaseCandidate['data']): Candidate {
  return { image: nameOf(image), pushedAt, reason, message };
}

function keyOf(image: ReleaseCandidate['data']['image']): string {
  return `${canonicalRepository(image)} ${image.tag} ${image.digest}`;
}
