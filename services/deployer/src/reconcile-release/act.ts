import { type HelmRelease, releaseKey, syncAnnotations } from '@shipit/contracts';
import { dependenciesOf } from '@shipit/releases';
import type { ReleaseObjects } from '../release-objects/release-objects.js';
import type { RevisionApplier } from './apply-revision.js';
import type { RevisionBeginner } from './begin-revision.js';
import type { Action } from './decide-action.js';
import type { ObjectObserver } from './observe-objects.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import type { RevisionKind } from './progress.js';
import type { InputProblem, Inputs } from './resolve-inputs.js';
import type { RevisionStore } from './revision-store.js';
import { isOwn, type OwnHead, type RevisionSteps } from './revision-steps.js';
import type { HookRunner } from './run-hook.js';
import { type Clusters, holderOf } from './target.js';

export interface ActionParts {
  objects: ReleaseObjects;
  clusters: Clusters;
  store: RevisionStore;
  steps: RevisionSteps;
  beginner: RevisionBeginner;
  applier: RevisionApplier;
  hooks: HookRunner;
  observer: ObjectObserver;
}

const kinds: Partial<Record<Action, RevisionKind>> = {
  install: 'install',
  upgrade: 'upgrade',
  'roll-back': 'rollback',
};

/** Does one action and tells how the release stands then. Deletion is somebody else's. */
export class ActionRunner {
  constructor(private readonly parts: ActionParts) {}

  async act(pass: ReleasePass, action: Action, inputs: Inputs | InputProblem | undefined): Promise<Outcome> {
    const head = pass.heads[0];
    const kind = kinds[action];
    if (kind) return this.begin(pass, kind, inputs);
    if (isOwn(head) && (action === 'run-hook' || action === 'apply' || action === 'observe'))
      return this.goOn(pass, head, action);
    return action === 'report' ? this.report(pass, inputs) : waiting(pass, action, inputs);
  }

  private async begin(
    pass: ReleasePass,
    kind: RevisionKind,
    inputs: Inputs | InputProblem | undefined,
  ): Promise<Outcome> {
    if (!inputs || 'reason' in inputs) return unresolved(inputs);
    const obstacle = await this.obstacleTo(pass);
    if (obstacle && kind !== 'rollback') return obstacle;
    const outcome = await this.parts.beginner.begin(pass, kind, inputs);
    const before = pass.heads[0];
    if (outcome.head && before?.status.startsWith('pending-'))
      await this.parts.store.overtake(pass.target, before, outcome.head.version);
    return outcome;
  }

  /** What has to be otherwise before anything is begun. */
  private async obstacleTo({ release, heads, holder: maker, now }: ReleasePass): Promise<Outcome | undefined> {
    const all = await this.parts.objects.list();
    const isMaker = heads[0]?.progress?.release === releaseKey(release.metadata);
    const holder = isMaker ? undefined : (maker ?? holderOf(release, all, this.parts.clusters));
    if (holder) {
      const message = `${releaseKey(holder.metadata)} is installed under the same name in the same namespace: give this one another spec.releaseName`;
      // Not held against these inputs: they are tried as soon as the name is free.
      return { state: 'Failed', reason: 'ReleaseExists', message, lookAgainAt: inSeconds(now, 5) };
    }
    const waitsFor = dependenciesOf(release.metadata.namespace, release.spec).filter(
      (key) => !isReady(all.find(({ metadata }) => releaseKey(metadata) === key)),
    );
    if (waitsFor.length === 0) return undefined;
    return {
      state: 'Pending',
      reason: 'DependencyNotReady',
      message: `Waits for ${waitsFor.join(', ')}`,
      lookAgainAt: inSeconds(now, 5),
    };
  }

  private async goOn(pass: ReleasePass, head: OwnHead, action: 'run-hook' | 'apply' | 'observe'): Promise<Outcome> {
    const { store, steps, hooks, applier, observer } = this.parts;
    if (head.progress.failure) return steps.fail(pass, head, head.progress.failure);
    if (head.progress.step === 'done') return steps.succeed(pass, head);
    if (action === 'observe') return observer.observe(pass, head);
    const content = await store.contentOf(pass.target, head);
    if (action === 'apply') return applier.apply(pass, head, content);
    const ran = await hooks.run(pass, head, content.hooks);
    if (ran) return ran;
    return head.progress.step === 'after' ? steps.succeed(pass, head) : steps.next(pass, head);
  }

  /** How it stands where there is nothing to do. */
  private async report(pass: ReleasePass, inputs: Inputs | InputProblem | undefined): Promise<Outcome> {
    const head = pass.heads[0];
    const refusal = refusalOf(pass, inputs);
    if (refusal) return refusal;
    if (!isOwn(head)) return { state: 'Pending', reason: 'Pending', message: 'Nothing is deployed yet', head };
    const { failure, kind } = head.progress;
    if (head.status === 'failed') {
      const { reason, message } = failure ?? { reason: 'Failed', message: 'The revision failed' };
      return { state: 'Failed', reason, message, failure, head };
    }
    await this.parts.store.tidy(pass.target, pass.heads, pass.release.spec.maxHistory);
    const health = await this.parts.observer.healthOf(pass, head);
    const isBack = kind === 'rollback' || wentBackToWhatRuns(pass.release);
    const message = health.isHealthy ? `Revision ${head.version} runs` : health.healthMessage;
    return {
      state: isBack ? 'RolledBack' : 'Deployed',
      reason: health.isHealthy ? 'Ready' : 'Unhealthy',
      message,
      head,
      ...health,
    };
  }
}

/** The rollback of something that was refused before it was applied finds in place what it goes back to. */
function wentBackToWhatRuns({ metadata }: HelmRelease): boolean {
  return metadata.annotations?.[syncAnnotations.rollbackOf] !== undefined;
}

function refusalOf(
  { release: { status }, heads }: ReleasePass,
  inputs: Inputs | InputProblem | undefined,
): Outcome | undefined {
  const refused = refusedAttempt(status, heads[0]?.progress?.inputs);
  if (!refused || !status || refused.inputs !== (inputs && digestOf(inputs))) return undefined;
  const told = status.conditions.find(({ type }) => type === 'Released') ?? status;
  return { state: 'Failed', reason: told.reason, message: told.message, refusedInputs: refused.inputs };
}

/** The attempt that a status speaks of, where it failed before a revision was begun. */
export function refusedAttempt(
  status: HelmRelease['status'],
  recorded: string | undefined,
): { inputs: string; commit: string } | undefined {
  if (status?.inputs === undefined || status.inputs === recorded) return undefined;
  if (status.state !== 'Failed' && status.state !== 'RollingBack') return undefined;
  return { inputs: status.inputs, commit: status.commit ?? '' };
}

function unresolved(problem: InputProblem | undefined): Outcome {
  const { reason, message } = problem ?? { reason: 'Unknown', message: 'The inputs cannot be resolved' };
  return {
    state: 'Failed',
    reason,
    message,
    refusedInputs: problemDigest(reason, message),
    failure: { reason, message, imageAtFault: false },
  };
}

/** Undefined where they cannot be known now. */
export function digestOf(inputs: Inputs | InputProblem): string | undefined {
  if (!('reason' in inputs)) return inputs.digest;
  return inputs.isPassing ? undefined : problemDigest(inputs.reason, inputs.message);
}

/** Stands for inputs that cannot be resolved: the same problem is not tried again and again. */
function problemDigest(reason: string, message: string): string {
  return `unresolved: ${reason}: ${message}`.slice(0, 300);
}

function waiting(pass: ReleasePass, action: Action, inputs: Inputs | InputProblem | undefined): Outcome {
  if (action === 'suspend') return suspended(pass);
  const message = 'Somebody runs Helm on this release: waiting until that has ended';
  if (action === 'wait-for-helm')
    return { state: 'Pending', reason: 'HelmAtWork', message, lookAgainAt: inSeconds(pass.now, 5) };
  const problem =
    inputs && 'reason' in inputs ? inputs : { reason: 'Waiting', message: 'What it is made from is not known yet' };
  return { state: 'Pending', reason: problem.reason, message: problem.message, lookAgainAt: inSeconds(pass.now, 10) };
}

function suspended({ release, heads }: ReleasePass): Outcome {
  const { state = 'Pending', message = '', reason = '' } = release.status ?? {};
  return {
    state,
    reason: reason || 'Suspended',
    message: message || 'Suspended before it was deployed',
    isSuspended: true,
    head: heads[0],
  };
}

function isReady(release: HelmRelease | undefined): boolean {
  const { status, metadata } = release ?? {};
  if (status?.observedGeneration !== metadata?.generation) return false;
  return status?.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false;
}
