import { fieldAt, type KubernetesObject, numberAt, textAt } from './kubernetes-object.js';

/**
 * How many pods of the new revision must fail before the rollout counts as failed: more than it may have
 * unavailable, but never more than it can have at all, because then it would only ever end at its deadline.
 */
export function failingPodsNeeded(workload: KubernetesObject, oldPods: number): number {
  const { wanted, unavailable, surge } = limitsOf(workload);
  const roomForNew = oldPods > 0 ? Math.max(1, unavailable + surge) : Infinity;
  return Math.max(1, Math.min(unavailable + 1, roomForNew, wanted));
}

interface Limits {
  wanted: number;
  unavailable: number;
  surge: number;
}

function limitsOf(workload: KubernetesObject): Limits {
  if (workload.kind === 'Deployment') return deploymentLimits(workload);
  if (workload.kind === 'DaemonSet') return daemonSetLimits(workload);
  // A StatefulSet goes pod by pod and stops at the first that does not get ready; a Job or Pod has no old revision.
  return { wanted: 1, unavailable: 0, surge: 0 };
}

function deploymentLimits(workload: KubernetesObject): Limits {
  const wanted = numberAt(workload, 'spec', 'replicas') ?? 1;
  if (textAt(workload, 'spec', 'strategy', 'type') === 'Recreate') return { wanted, unavailable: wanted, surge: 0 };
  const rolling = fieldAt(workload, 'spec', 'strategy', 'rollingUpdate');
  const surge = Math.ceil(shareOf(fieldAt(rolling, 'maxSurge') ?? '25%', wanted));
  const unavailable = Math.floor(shareOf(fieldAt(rolling, 'maxUnavailable') ?? '25%', wanted));
  return { wanted, surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function daemonSetLimits(workload: KubernetesObject): Limits {
  const wanted = numberAt(workload, 'status', 'desiredNumberScheduled') ?? 1;
  const rolling = fieldAt(workload, 'spec', 'updateStrategy', 'rollingUpdate');
  const surge = Math.ceil(shareOf(fieldAt(rolling, 'maxSurge') ?? 0, wanted));
  const unavailable = Math.ceil(shareOf(fieldAt(rolling, 'maxUnavailable') ?? 1, wanted));
  return { wanted, surge, unavailable };
}

function shareOf(value: unknown, total: number): number {
  if (typeof value === 'number') return value;
  const text = typeof value === 'string' ? value : '0';
  const amount = Number.parseFloat(text);
  if (!Number.isFinite(amount)) return 0;
  return text.endsWith('%') ? (amount * total) / 100 : amount;
}
