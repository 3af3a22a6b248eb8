import { assessHealth } from './assess-health.js';
import { type ContainerFault, faultOf } from './container-fault.js';
import type { Health } from './health.js';
import type { KubernetesObject } from './kubernetes-object.js';
import { podsByRevision } from './revision-pods.js';
import { failingPodsNeeded } from './rollout-limits.js';

export interface Rollout {
  /** A Deployment, StatefulSet, DaemonSet, Job or Pod as it is now. */
  workload: KubernetesObject;
  /** Its replica sets and pods; those of others do no harm. */
  replicaSets: readonly KubernetesObject[];
  pods: readonly KubernetesObject[];
  /** Events of its pods; without them an image that is not found is certain 10 s later. */
  events?: readonly KubernetesObject[];
  now: Date;
}

export interface RolloutHealth extends Health {
  /** Concluded from the pods, before the workload itself gave up. */
  failedEarly: boolean;
  /** The container that fails, also while it is not certain yet. */
  fault?: ContainerFault;
  /** Look again then even when nothing changes: a fault becomes certain by lasting. */
  lookAgainAt?: Date;
}

/**
 * The workload's own health, or Failed at once where its new pods tell that it cannot come up: an image
 * not found twice in a row, other pull or configuration errors for two minutes, three restarts; in more pods
 * than the rollout may have unavailable, and never when pods of the old revision fail the same way.
 */
export function assessRollout(rollout: Rollout): RolloutHealth {
  const health = assessHealth(rollout.workload, { now: rollout.now, untilComplete: false });
  if (health.status !== 'InProgress' || health.reason === 'LatestGenerationNotObserved')
    return { ...health, failedEarly: false };

  const { fresh, old } = podsByRevision(rollout.workload, rollout.replicaSets, rollout.pods);
  const faults = faultsOf(fresh, rollout);
  const worst = faults.find((fault) => fault.isCertain) ?? faults[0];
  if (!worst) return { ...health, failedEarly: false };

  const needed = failingPodsNeeded(rollout.workload, old.length);
  const certain = faults.filter((fault) => fault.isCertain);
  const message = `pod ${worst.pod}, container ${worst.container}: ${worst.message}`;
  const seen = { message, reason: worst.reason, fault: worst };
  if (certain.length >= needed && !failsAlike(certain, faultsOf(old, rollout)))
    return { ...seen, status: 'Failed', failedEarly: true };

  const times = faults.map((fault) => fault.certainAt?.getTime() ?? Infinity).sort((a, b) => a - b);
  const next = times[needed - certain.length - 1] ?? times.find(Number.isFinite) ?? Infinity;
  return {
    ...seen,
    status: 'InProgress',
    failedEarly: false,
    ...(Number.isFinite(next) ? { lookAgainAt: new Date(next) } : {}),
  };
}

function faultsOf(pods: readonly KubernetesObject[], { workload, events = [], now }: Rollout): ContainerFault[] {
  const faults = pods.map((pod) => faultOf(pod, { events, now })).filter((fault) => fault !== undefined);
  // A job counts its own failures against its backoffLimit: its pods may crash and try again.
  return workload.kind === 'Job' ? faults.filter((fault) => fault.family !== 'crash') : faults;
}

function failsAlike(fresh: ContainerFault[], old: ContainerFault[]): boolean {
  return old.some((fault) => fresh.some((other) => other.family === fault.family));
}
