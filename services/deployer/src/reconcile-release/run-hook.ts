import { type ChartHook, deletePoliciesOf } from '@shipit/charts';
import { durationMs } from '@shipit/contracts';
import { isClusterError, refOf } from '@shipit/clusters';
import { assessHealth, type Health, type KubernetesObject } from '@shipit/health';
import { crashPoint } from '@shipit/platform';
import { describe, inNamespace, readLive } from './object-identity.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import type { EndedHook, Failure, Progress } from './progress.js';
import type { RevisionStore } from './revision-store.js';
import { hooksOfStep, type OwnHead, type RevisionSteps, underWay } from './revision-steps.js';
import type { WorkloadReader } from './workload-reader.js';

/** On a hook's object: which run of it this is. A hook left over from another run is told apart by it. */
export const hookRunAnnotation = 'shipit.dev/hook-run';
/** On a hook's object: the release, so that a change of it wakes the right pass. */
export const releaseAnnotation = 'shipit.dev/release';

const polledSeconds = 5;
/** The room that a record keeps for them is small. */
const maxEndedHooks = 200;

/** Runs the hooks of a step one after the other. What it knows it keeps with the record, so it may be stopped at any point. */
export class HookRunner {
  constructor(
    private readonly store: RevisionStore,
    private readonly steps: RevisionSteps,
    private readonly workloads: WorkloadReader,
  ) {}

  /** One action on the current hook; undefined where all hooks of the step are done. */
  async run(pass: ReleasePass, head: OwnHead, all: readonly ChartHook[]): Promise<Outcome | undefined> {
    const { hooks, event } = hooksOfStep(all, head.progress);
    if (head.progress.cleaning !== undefined) return this.clean(pass, head, hooks);
    const hook = hooks[head.progress.hook];
    if (!hook) return undefined;
    const object = await inNamespace(hook.object, pass.target);
    const run = `v${head.version}/${event}`;
    return head.progress.hookRun
      ? this.observe(pass, head, hook, object)
      : this.start(pass, head, hook, { object, run });
  }

  private async start(
    pass: ReleasePass,
    head: OwnHead,
    hook: ChartHook,
    { object, run }: { object: KubernetesObject; run: string },
  ): Promise<Outcome> {
    const { target, key } = pass;
    const live = await readLive(object, target);
    if (live && live.metadata.annotations?.[hookRunAnnotation] !== run) return this.makeWay(pass, head, hook, live);
    await this.store.assertNewest(target, head);
    const marked = withAnnotations(object, { [hookRunAnnotation]: run, [releaseAnnotation]: key });
    try {
      const { uid = '' } = (live ?? (await target.cluster.create(marked))).metadata;
      crashPoint('deployer.after-hook');
      return this.note(pass, head, { hookRun: { uid, startedAt: pass.now.toISOString() } });
    } catch (error) {
      if (!isClusterError(error) || error.isTransient || error.reason === 'AlreadyExists') throw error;
      return this.steps.fail(pass, head, failureOf('HookRefused', hook, error.message));
    }
  }

  /** An object of an earlier run stands in the way. */
  private async makeWay(pass: ReleasePass, head: OwnHead, hook: ChartHook, live: KubernetesObject): Promise<Outcome> {
    if (!deletePoliciesOf(hook).includes('before-hook-creation')) {
      const message = `${describe(live)} is there already and its delete policy keeps it: delete it, or add before-hook-creation`;
      return this.steps.fail(pass, head, failureOf('HookExists', hook, message));
    }
    await this.store.assertNewest(pass.target, head);
    await deleteObject(pass, live);
    return {
      ...underWay(head, `Waiting until ${describe(live)} of an earlier run is gone`),
      lookAgainAt: inSeconds(pass.now, 1),
    };
  }

  private async observe(pass: ReleasePass, head: OwnHead, hook: ChartHook, object: KubernetesObject): Promise<Outcome> {
    const live = await readLive(object, pass.target);
    const health = await this.healthOf(pass, live, head.progress.hookRun?.uid);
    if (health.status === 'Current') return this.finish(pass, head, hook);
    if (health.status === 'Failed')
      return this.giveUp(pass, head, hook, failureOf(health.reason ?? 'HookFailed', hook, health.message));
    const deadline = Date.parse(head.progress.hookRun?.startedAt ?? '') + durationMs(pass.release.spec.timeout);
    if (pass.now.getTime() >= deadline) {
      const message = `not finished after ${pass.release.spec.timeout}: ${health.message}`;
      return this.giveUp(pass, head, hook, failureOf('HookTimedOut', hook, message));
    }
    const next = Math.min(deadline, inSeconds(pass.now, polledSeconds).getTime());
    return {
      ...underWay(head, `Hook ${hook.kind}/${hook.name} is running: ${health.message}`),
      lookAgainAt: new Date(next),
    };
  }

  private async healthOf(
    pass: ReleasePass,
    live: KubernetesObject | undefined,
    uid: string | undefined,
  ): Promise<Health> {
    if (!live || live.metadata.uid !== uid) {
      return { status: 'Failed', reason: 'HookGone', message: 'it was deleted before it was seen to end' };
    }
    // Only these run; anything else has done its work by being there.
    if (live.kind !== 'Job' && live.kind !== 'Pod') return { status: 'Current', message: '' };
    const own = assessHealth(live, { now: pass.now, untilComplete: true });
    if (own.status !== 'InProgress' || live.kind === 'Pod') return own;
    return this.workloads.rolloutOf(pass, live);
  }

  private async finish(pass: ReleasePass, head: OwnHead, hook: ChartHook): Promise<Outcome> {
    const { hook: at } = head.progress;
    const cleaning = deletePoliciesOf(hook).includes('hook-succeeded') ? { cleaning: at } : {};
    return this.note(pass, head, { hook: at + 1, ...cleaning, endedHooks: withEnded(pass, head, hook, 'Succeeded') });
  }

  private async giveUp(pass: ReleasePass, head: OwnHead, hook: ChartHook, failure: Failure): Promise<Outcome> {
    const endedHooks = withEnded(pass, head, hook, 'Failed');
    const outcome = await this.steps.fail(pass, { ...head, progress: { ...head.progress, endedHooks } }, failure);
    const object = await inNamespace(hook.object, pass.target);
    if (deletePoliciesOf(hook).includes('hook-failed')) await deleteObject(pass, object);
    return outcome;
  }

  private async clean(pass: ReleasePass, head: OwnHead, hooks: readonly ChartHook[]): Promise<Outcome> {
    const { cleaning = 0, ...progress } = head.progress;
    const hook = hooks[cleaning];
    if (hook) await deleteObject(pass, await inNamespace(hook.object, pass.target));
    const cleaned = await this.store.saveProgress(pass.target, head, progress);
    return { ...underWay(cleaned), goOn: true };
  }

  /** Whatever is noted here, the run before is over. */
  private async note(pass: ReleasePass, head: OwnHead, changes: Partial<Progress>): Promise<Outcome> {
    const { hookRun: _, ...progress } = head.progress;
    const noted = await this.store.saveProgress(pass.target, head, { ...progress, ...changes });
    return { ...underWay(noted), goOn: true };
  }
}

function withEnded(
  { now }: ReleasePass,
  { progress: { endedHooks = [], hookRun } }: OwnHead,
  { kind, name }: ChartHook,
  phase: EndedHook['run']['phase'],
): EndedHook[] {
  const completedAt = now.toISOString();
  const others = endedHooks.filter((ended) => ended.kind !== kind || ended.name !== name);
  return [...others, { kind, name, run: { startedAt: hookRun?.startedAt ?? completedAt, completedAt, phase } }].slice(
    -maxEndedHooks,
  );
}

async function deleteObject({ target }: ReleasePass, object: KubernetesObject): Promise<void> {
  const { uid } = object.metadata;
  await target.cluster.delete(refOf(object), { propagation: 'Background', ...(uid === undefined ? {} : { uid }) });
}

function withAnnotations(object: KubernetesObject, annotations: Record<string, string>): KubernetesObject {
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } },
  };
}

function failureOf(reason: string, hook: ChartHook, message: string): Failure {
  const object = `${hook.kind}/${hook.name}`;
  return { reason, object, message: `Hook ${object}: ${message}`, imageAtFault: reason === 'ImageNotFound' };
}
