import { durationMs } from '@shipit/contracts';
import { refOf } from '@shipit/clusters';
import { assessHealth, type Health, type KubernetesObject, type RolloutHealth } from '@shipit/health';
import { imagesIn } from './find-container-images.js';
import { eachOf, inNamespace, readLive } from './object-identity.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import type { Failure } from './progress.js';
import type { RevisionStore } from './revision-store.js';
import { type OwnHead, type RevisionSteps, underWay } from './revision-steps.js';
import type { WorkloadReader } from './workload-reader.js';

interface SeenObject {
  object: KubernetesObject;
  health: Health & Partial<RolloutHealth>;
}

/** Watches tell of pods and workloads; other kinds are looked at this often. */
const polledSeconds = 5;

/** Judges the objects of a revision by what the cluster says of them. */
export class ObjectObserver {
  constructor(
    private readonly store: RevisionStore,
    private readonly steps: RevisionSteps,
    private readonly workloads: WorkloadReader,
  ) {}

  /** A rollout: done, failed, or to be looked at again. */
  async observe(pass: ReleasePass, head: OwnHead): Promise<Outcome> {
    const seen = await this.look(pass, head);
    const failed = seen.find(({ health }) => health.status === 'Failed');
    if (failed) return this.steps.fail(pass, head, failureOf(failed, head));
    const open = seen.filter(({ health }) => health.status !== 'Current');
    if (open.length === 0) return this.steps.next(pass, head);
    const deadline = Date.parse(head.progress.stepStartedAt) + durationMs(pass.release.spec.timeout);
    if (pass.now.getTime() >= deadline) return this.steps.fail(pass, head, lateness(open, pass));
    if (head.progress.kind === 'rollback') await this.replaceStuck(pass, head, open);
    const times = open.map(({ health }) => health.lookAgainAt?.getTime() ?? Infinity);
    const next = Math.min(deadline, inSeconds(pass.now, polledSeconds).getTime(), ...times);
    const lookAgainAt = new Date(Math.max(next, pass.now.getTime() + 200));
    return {
      ...underWay(head, `${seen.length - open.length} of ${seen.length} objects are current. ${describe(open)}`),
      lookAgainAt,
    };
  }

  /** How healthy is what was deployed. */
  async healthOf(
    pass: ReleasePass,
    head: OwnHead,
  ): Promise<{ isHealthy: boolean; healthMessage: string; lookAgainAt?: Date }> {
    const open = (await this.look(pass, head)).filter(({ health }) => health.status !== 'Current');
    if (open.length === 0) return { isHealthy: true, healthMessage: 'All objects are current' };
    return { isHealthy: false, healthMessage: describe(open), lookAgainAt: inSeconds(pass.now, 30) };
  }

  private async look(pass: ReleasePass, head: OwnHead): Promise<SeenObject[]> {
    const { manifests } = await this.store.contentOf(pass.target, head);
    const { applied = [] } = head.progress;
    const numbered = manifests.map((object, at) => ({ object, applied: applied[at] }));
    return eachOf(numbered, 8, ({ object, applied: own }) => this.lookAt(pass, object, own));
  }

  private async lookAt(
    pass: ReleasePass,
    manifest: KubernetesObject,
    applied?: readonly [string, number],
  ): Promise<SeenObject> {
    const object = await inNamespace(manifest, pass.target);
    const live = await readLive(object, pass.target);
    if (!live) return { object, health: { status: 'NotFound', reason: 'NotFound', message: 'it does not exist' } };
    if (isOlder(live, applied)) {
      return {
        object,
        health: { status: 'InProgress', reason: 'NotSeenYet', message: 'what was applied is not seen yet' },
      };
    }
    const health = this.workloads.hasPods(live)
      ? await this.workloads.rolloutOf(pass, live)
      : assessHealth(live, { now: pass.now });
    return { object: live, health };
  }

  private async replaceStuck(pass: ReleasePass, head: OwnHead, open: readonly SeenObject[]): Promise<void> {
    for (const { object } of open) {
      for (const pod of await this.workloads.stuckPods(pass, object)) {
        await this.store.assertNewest(pass.target, head);
        await pass.target.cluster.delete(refOf(pod), pod.metadata.uid === undefined ? {} : { uid: pod.metadata.uid });
      }
    }
  }
}

/** States from before our own apply tell nothing of it. */
function isOlder({ metadata }: KubernetesObject, applied: readonly [string, number] | undefined): boolean {
  return applied !== undefined && applied[0] === metadata.uid && (metadata.generation ?? 0) < applied[1];
}

/** The image is to blame where it cannot be had or does not run, and where it is the one this revision brought. */
function failureOf({ object, health }: SeenObject, { progress }: OwnHead): Failure {
  const family = health.fault?.family;
  const isOfRevision = imagesIn(object).some((image) => progress.images.includes(image));
  return {
    reason: health.reason ?? 'Failed',
    message: `${object.kind}/${object.metadata.name}: ${health.message}`,
    object: `${object.kind}/${object.metadata.name}`,
    imageAtFault: (family === 'image' || family === 'crash') && isOfRevision,
  };
}

function lateness(open: readonly SeenObject[], { release }: ReleasePass): Failure {
  const first = open[0]?.object;
  return {
    reason: 'DeadlineExceeded',
    message: `not ready after ${release.spec.timeout}: ${describe(open)}`,
    ...(first ? { object: `${first.kind}/${first.metadata.name}` } : {}),
    imageAtFault: false,
  };
}

function describe(open: readonly SeenObject[]): string {
  const shown = open
    .slice(0, 3)
    .map(({ object, health }) => `${object.kind}/${object.metadata.name}: ${health.message}`);
  return open.length > 3 ? `${shown.join('; ')}; and ${open.length - 3} more` : shown.join('; ');
}
