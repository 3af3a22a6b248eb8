import { durationMs, type HelmRelease, type HelmReleaseStatus, releaseKey, syncAnnotations } from '@shipit/contracts';
import { ChartError } from '@shipit/charts';
import { type ClusterError, isClusterError } from '@shipit/clusters';
import type { EventBus } from '@shipit/messaging';
import type { Clock, Log } from '@shipit/platform';
import type { ReleaseObjects } from '../release-objects/release-objects.js';
import { type ActionRunner, digestOf, refusedAttempt } from './act.js';
import { buildStatus } from './build-status.js';
import { type Action, decideAction, isUnfinished, type Observed } from './decide-action.js';
import type { ReleaseDeleter } from './delete-release.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import { Overtaken } from './overtaken.js';
import type { OutcomeRecorder } from './record-outcome.js';
import { deletedEvent } from './release-events.js';
import type { InputProblem, InputResolver, Inputs } from './resolve-inputs.js';
import { recoverProgress } from './revision-mark.js';
import type { RevisionHead, RevisionStore } from './revision-store.js';
import { type Clusters, isSameTarget, type Target, targetOf } from './target.js';

/** Whether git still declares a release; unknown where a file cannot be read. */
export type IsDeclared = (key: string) => Promise<'declared' | 'gone' | 'unknown'>;

export interface ReconcilerParts {
  objects: ReleaseObjects;
  clusters: Clusters;
  inputs: InputResolver;
  store: RevisionStore;
  actions: ActionRunner;
  deleter: ReleaseDeleter;
  recorder: OutcomeRecorder;
  events: EventBus;
  isDeclared: IsDeclared;
  /** Whether the objects of a repository are this deployer's. */
  isOurs: (release: HelmRelease) => boolean;
  clock: Clock;
  log: Log;
}

/** More actions than any release needs at a stretch; then others have their turn. */
const maxActions = 40;

/**
 * Moves one release forward as far as it goes without waiting: read → decide → act → announce → record, again and again.
 * Everything is read from the cluster each time, so a repeated, late or half-finished pass is harmless.
 */
export class ReleaseReconciler {
  constructor(private readonly parts: ReconcilerParts) {}

  /** Returns when to look again, if nothing else wakes it before. */
  async reconcile(key: string, signal: AbortSignal): Promise<Date | undefined> {
    try {
      return await this.actWhilePossible(key, signal);
    } catch (error) {
      if (isOvertaken(error)) {
        this.parts.log.debug({ release: key, err: error }, 'pass overtaken');
        return inSeconds(this.parts.clock.now(), 0.5);
      }
      if (isClusterError(error) || error instanceof ChartError) return this.postpone(key, error);
      throw error;
    }
  }

  private async actWhilePossible(key: string, signal: AbortSignal): Promise<Date | undefined> {
    for (let actions = 0; actions < maxActions && !signal.aborted; actions++) {
      const outcome = await this.once(key, signal);
      if (!outcome?.goOn) return outcome?.lookAgainAt;
    }
    return this.parts.clock.now();
  }

  private async once(key: string, signal: AbortSignal): Promise<Outcome | undefined> {
    const { objects, clusters, clock, store, recorder, log } = this.parts;
    const release = await objects.read(key);
    if (!release || !this.parts.isOurs(release)) return undefined;
    const target = targetOf(release, clusters);
    if ('problem' in target) return this.misplaced(release, target.problem);
    const heads = await this.recovered(release, target, await store.heads(target));
    const holder = await this.makerOf(heads[0], release);
    const pass: ReleasePass = {
      key,
      release,
      target,
      clusterName: target.cluster.name,
      // What another release made is neither told nor taken away as this one's.
      heads: holder ? [] : heads,
      holder,
      now: clock.now(),
      signal,
    };

    const { observed, inputs } = await this.observe(pass);
    const action = decideAction(observed);
    if (action !== 'report' && action !== 'observe')
      log.info({ release: key, action, commit: observed.commit }, 'release decided');
    if (observed.deletion !== undefined && action !== 'run-hook') return this.delete(pass, action);
    const outcome = await this.parts.actions.act(pass, action, inputs);
    if (!isOnTheWay(release, outcome)) await recorder.record(pass, outcome);
    return outcome;
  }

  /** Helm noted something on the newest revision, as it does after tests: it is Ship-it's all the same. */
  private async recovered(release: HelmRelease, target: Target, heads: RevisionHead[]): Promise<RevisionHead[]> {
    const [newest, ...older] = heads;
    const progress = newest && recoverProgress(newest, release);
    return progress ? [await this.parts.store.saveProgress(target, newest, progress), ...older] : heads;
  }

  /** The other release that made what is installed, for as long as it is there and means the same target. */
  private async makerOf(newest: RevisionHead | undefined, release: HelmRelease): Promise<HelmRelease | undefined> {
    const maker = newest?.progress?.release;
    if (maker === undefined || maker === releaseKey(release.metadata)) return undefined;
    const other = await this.parts.objects.read(maker);
    return other && isSameTarget(other, release, this.parts.clusters) ? other : undefined;
  }

  private async observe(pass: ReleasePass): Promise<{ observed: Observed; inputs: Inputs | InputProblem | undefined }> {
    const { release, target, heads } = pass;
    const { metadata, spec, status } = release;
    const isDeleted = metadata.deletionTimestamp !== undefined;
    const newest = heads[0];
    const inputs = isDeleted || spec.suspend ? undefined : await this.parts.inputs.resolve(release, target, newest);
    const annotations = metadata.annotations ?? {};
    const observed: Observed = {
      deletion: isDeleted ? await this.parts.isDeclared(pass.key) : undefined,
      isSuspended: spec.suspend,
      commit: annotations[syncAnnotations.commit] ?? '',
      isRollback: annotations[syncAnnotations.rollbackOf] !== undefined,
      inputs: inputs && digestOf(inputs),
      newest: newest && { status: newest.status, progress: newest.progress, isStale: isStale(newest, pass) },
      refused: refusedAttempt(status, newest?.progress?.inputs),
    };
    return { observed, inputs };
  }

  private async delete(pass: ReleasePass, action: Action): Promise<Outcome> {
    const { deleter, recorder, events } = this.parts;
    if (action === 'let-go') {
      await deleter.letGo(pass);
      return { state: 'Deleting', reason: 'LetGo', message: 'Git still declares it: it comes back' };
    }
    if (action !== 'uninstall') {
      const message =
        'A file of the repository cannot be read, so it is not known whether the release is still declared';
      const outcome: Outcome = {
        state: 'Deleting',
        reason: 'RepositoryUnreadable',
        message,
        lookAgainAt: inSeconds(pass.now, 30),
      };
      await recorder.record(pass, outcome);
      return outcome;
    }
    if (pass.release.status?.state !== 'Deleting') {
      await recorder.record(pass, {
        state: 'Deleting',
        reason: 'Uninstalling',
        message: 'What the release runs is being taken away',
      });
      return { state: 'Deleting', reason: 'Uninstalling', message: '', goOn: true };
    }
    const { outcome, isDone } = await deleter.uninstall(pass);
    if (!isDone) {
      if (!outcome.goOn) await recorder.record(pass, outcome);
      return outcome;
    }
    await events.publish(deletedEvent(pass, buildStatus(pass, outcome)));
    await deleter.letGo(pass);
    return { ...outcome, goOn: false };
  }

  /** It names a cluster that is not there. */
  private async misplaced(release: HelmRelease, message: string): Promise<Outcome> {
    const { objects, recorder, clock } = this.parts;
    const outcome: Outcome = {
      state: 'Failed',
      reason: 'UnknownCluster',
      message,
      refusedInputs: `misplaced: ${message}`,
    };
    const wasNeverDeployed = release.status?.revision === undefined;
    if (release.metadata.deletionTimestamp !== undefined && wasNeverDeployed) await objects.letGo(release);
    else
      await recorder.record({ release, clusterName: release.spec.cluster ?? '', heads: [], now: clock.now() }, outcome);
    return outcome;
  }

  /** A cluster or a chart server does not answer: what is under way waits, saying so. */
  private async postpone(key: string, error: ClusterError | ChartError): Promise<Date> {
    const { objects, clock, log } = this.parts;
    log.warn({ release: key, err: error }, 'release waits');
    try {
      const release = await objects.read(key);
      if (release) await objects.recordStatus(release, waitingStatus(release.status ?? emptyStatus, error));
    } catch {
      // The management cluster itself does not answer.
    }
    const asked = isClusterError(error) ? (error.retryAfterSeconds ?? 0) : 0;
    return inSeconds(clock.now(), Math.max(5, asked));
  }
}

/** Helm says pending for as long as it works, and for ever where it was killed. */
function isStale({ status, progress, record }: RevisionHead, { release, now }: ReleasePass): boolean {
  if (!isUnfinished(status) || progress) return false;
  return now.getTime() - (record.changedAt?.getTime() ?? 0) > durationMs(release.spec.timeout);
}

function isOvertaken(error: unknown): boolean {
  return error instanceof Overtaken || isClusterError(error, 'Conflict') || isClusterError(error, 'AlreadyExists');
}

/** What has ended stays as it ended. */
function waitingStatus(status: HelmReleaseStatus, error: ClusterError | ChartError): HelmReleaseStatus {
  const { state } = status;
  if (state === 'Deployed' || state === 'RolledBack' || state === 'Failed') return status;
  const isForbidden = isClusterError(error, 'Forbidden');
  const waitsFor = error instanceof ChartError ? 'ChartUnreachable' : 'ClusterUnreachable';
  const reason = isForbidden ? 'Forbidden' : waitsFor;
  return { ...status, reason, message: error.message.slice(0, 2000) };
}

const emptyStatus: HelmReleaseStatus = {
  state: 'Pending',
  reason: '',
  message: '',
  conditions: [],
  images: [],
  attempt: 0,
  history: [],
};

/** Between two actions of one pass only what matters to others is recorded. */
function isOnTheWay({ status }: HelmRelease, outcome: Outcome): boolean {
  return outcome.goOn === true && status?.state === outcome.state && status.revision === outcome.head?.version;
}
