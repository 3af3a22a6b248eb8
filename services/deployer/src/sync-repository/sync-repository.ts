import {
  type HelmRelease,
  idOf,
  type ReleaseProblem,
  releaseFinalizer,
  releaseKey,
  repositoryLabel,
  syncAnnotations,
} from '@shipit/contracts';
import { isClusterError, type KubernetesObject } from '@shipit/clusters';
import type { EventBus } from '@shipit/messaging';
import type { Clock, Log } from '@shipit/platform';
import type { ReleaseObjects } from '../release-objects/release-objects.js';
import { approveRemovals } from './approve-removals.js';
import type { DesiredReleases } from './desired-releases.js';
import { contentAnnotation, declaredAnnotation, planSync, type ReleaseWrite, type SyncProblem } from './plan-sync.js';
import { keptProvenance, provenanceOf } from './provenance.js';
import type { ReleasesInGit } from './releases-in-git.js';
import { type ReleaseChange, walkChanges } from './walk-changes.js';

export interface SyncParts {
  source: ReleasesInGit;
  objects: ReleaseObjects;
  events: EventBus;
  clock: Clock;
  log: Log;
}

interface Sync {
  desired: DesiredReleases;
  repository: string;
  changes: ReadonlyMap<string, ReleaseChange>;
}

/** A tip behind what is deployed may for this long be that of a git server that lags; then the branch was moved back. */
const lagSeconds = 30;

/**
 * Makes the HelmRelease objects what the tip of the branch declares.
 *
 * Any number of syncs may run at once, on any replica: an object is only written on top of the commit it already bears,
 * or an older one, and only as it was read. A force-push is followed and reported.
 */
export class RepositorySync {
  private behind: { readonly tip: string; readonly since: Date } | undefined;

  /** @param repository Names this repository, branch and path on the objects it owns. */
  constructor(
    private readonly parts: SyncParts,
    private readonly repository: string,
  ) {}

  /** One sync. Throws where git or the cluster cannot be reached; what one release suffers is announced and stops no other. */
  async run(signal?: AbortSignal): Promise<{ commit: string; written: string[]; removed: string[] }> {
    const { source, objects, log } = this.parts;
    const live = await objects.list();
    // Fetched after the objects were read: an object's commit that is not in this history was forced off the branch.
    const commit = await source.git.fetch(signal);
    if (this.behind?.tip !== commit) this.behind = undefined;
    const desired = await source.at(commit);
    const plan = planSync(desired, live, this.repository);
    const sought = [
      ...plan.writes.filter(({ isChange }) => isChange).map(({ key }) => key),
      ...plan.removals.map(({ metadata }) => releaseKey(metadata)),
    ];
    const { changes, walked } = await walkChanges(source, desired, sought);
    const waiting = approveRemovals(plan.removals, changes, walked);
    const sync = { desired, repository: this.repository, changes };

    const problems = [...plan.problems, ...(waiting ? [waiting] : [])];
    const written = await this.each(
      plan.writes.map((write) => [write.key, () => this.write(write, sync, problems)]),
      problems,
    );
    const removals = waiting ? [] : plan.removals;
    const removed = await this.each(
      removals.map((release) => [releaseKey(release.metadata), () => this.remove(release, commit)]),
      problems,
    );
    await this.announce(problems, desired);
    await source.keepOnly(commit);
    if (written.length + removed.length + problems.length > 0) {
      log.info({ commit, written, removed, problems: problems.map(({ code }) => code) }, 'repository synced');
    }
    return { commit, written, removed };
  }

  /** One bad release never stops the others; one that lost to another writer is left to the sync that its change wakes. */
  private async each(
    acts: readonly [key: string, act: () => Promise<boolean>][],
    problems: SyncProblem[],
  ): Promise<string[]> {
    const done: string[] = [];
    for (const [key, act] of acts) {
      try {
        if (await act()) done.push(key);
      } catch (error) {
        if (!isClusterError(error) || error.isTransient) throw error;
        if (error.reason === 'Conflict') continue;
        problems.push({
          code: 'SHIPIT_RELEASE_REFUSED',
          release: key,
          message: `Applying ${key} from git was refused: ${error.message}`,
        });
      }
    }
    return done;
  }

  private async write(write: ReleaseWrite, sync: Sync, problems: SyncProblem[]): Promise<boolean> {
    const known = write.live?.metadata.annotations?.[syncAnnotations.commit];
    const order = await this.orderOf(known, sync.desired.commit);
    if (order === 'older') return false;
    if (order === 'rewritten') problems.push(rewritten(write.key, known ?? '', sync.desired.commit));
    const { spec, namespace } = write.document;
    if (!write.live && spec?.createNamespace) await this.parts.objects.createNamespace(namespace);
    await this.parts.objects.apply(objectOf(write, sync));
    return true;
  }

  private async remove(release: HelmRelease, tip: string): Promise<boolean> {
    if ((await this.orderOf(release.metadata.annotations?.[syncAnnotations.commit], tip)) === 'older') return false;
    await this.parts.objects.remove(release);
    return true;
  }

  /** Where our tip stands to the commit an object bears. */
  private async orderOf(known: string | undefined, tip: string): Promise<'newer' | 'older' | 'rewritten'> {
    if (known === undefined || known === tip) return 'newer';
    const { git } = this.parts.source;
    if (await git.isAncestor(known, tip)) return 'newer';
    const isBehind = await git.isAncestor(tip, known);
    return isBehind && !this.hasStayed(tip) ? 'older' : 'rewritten';
  }

  private hasStayed(tip: string): boolean {
    const now = this.parts.clock.now();
    this.behind ??= { tip, since: now };
    return now.getTime() - this.behind.since.getTime() >= lagSeconds * 1000;
  }

  private async announce(problems: readonly SyncProblem[], { commit }: DesiredReleases): Promise<void> {
    const time = this.parts.clock.now().toISOString();
    const events = problems.map((problem): ReleaseProblem => {
      const { code, message, release, path } = problem;
      return {
        specversion: '1.0',
        id: idOf('release.problem', code, release ?? '', path ?? '', message),
        source: 'deployer',
        type: 'release.problem',
        subject: release ?? path ?? this.repository,
        time,
        data: {
          commit,
          code,
          message: message.slice(0, 2000),
          ...(release === undefined ? {} : { release }),
          ...(path === undefined ? {} : { path }),
        },
      };
    });
    if (events.length > 0) await this.parts.events.publish(...events);
  }
}

function objectOf({ key, document, content, declared, live, isChange }: ReleaseWrite, sync: Sync): KubernetesObject {
  const { namespace, name, labels, annotations, path, spec } = document;
  const change = sync.changes.get(key)?.commit;
  const found = change ? provenanceOf(key, change) : { [syncAnnotations.commit]: sync.desired.commit };
  const provenance = isChange ? found : keptProvenance(live?.metadata.annotations ?? {});
  const own = new Set<string>([...Object.values(syncAnnotations), contentAnnotation, declaredAnnotation]);
  const theirs = Object.fromEntries(Object.entries(annotations).filter(([annotation]) => !own.has(annotation)));
  return {
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: {
      name,
      namespace,
      ...(live?.metadata.resourceVersion === undefined ? {} : { resourceVersion: live.metadata.resourceVersion }),
      labels: { ...labels, [repositoryLabel]: sync.repository },
      annotations: {
        ...theirs,
        ...provenance,
        [syncAnnotations.path]: path,
        [contentAnnotation]: content,
        [declaredAnnotation]: declared,
      },
      finalizers: [releaseFinalizer],
    },
    spec,
  };
}

function rewritten(release: string, known: string, tip: string): SyncProblem {
  return {
    code: 'SHIPIT_GIT_HISTORY_REWRITTEN',
    release,
    message: `The commit ${known.slice(0, 12)} that ${release} came from is not in the branch's history any more: it was force-pushed. ${release} follows the branch, now at ${tip.slice(0, 12)}`,
  };
}
