import { current, failed, type Health, type HealthOptions, inProgress } from './health.js';
import { conditionOf, fieldAt, type KubernetesObject, listAt, textAt } from './kubernetes-object.js';

/** The scheduler says "unschedulable" for a moment to pods that it places a little later. */
const schedulingGraceMs = 15_000;

export function podHealth(pod: KubernetesObject, options: HealthOptions): Health {
  switch (textAt(pod, 'status', 'phase')) {
    case 'Succeeded':
      return current('the pod has completed');
    case 'Failed':
      return failed('PodFailed', textAt(pod, 'status', 'message') || exitOf(pod) || 'the pod has failed');
    case 'Running':
      return runningPodHealth(pod, options);
    case 'Pending':
      return pendingPodHealth(pod, options);
    default:
      return inProgress('PodNotObserved', 'no node has reported the pod yet');
  }
}

function runningPodHealth(pod: KubernetesObject, { untilComplete }: HealthOptions): Health {
  const crashing = crashLoopOf(pod);
  const isReady = conditionOf(pod, 'Ready')?.status === 'True';
  if (!isReady && crashing) return crashing;
  if (untilComplete) return inProgress('PodRunning', 'the pod has not completed');
  return isReady ? current('the pod is ready') : inProgress('PodRunningNotReady', 'the pod runs and is not ready');
}

function pendingPodHealth(pod: KubernetesObject, { now }: HealthOptions): Health {
  const scheduled = conditionOf(pod, 'PodScheduled');
  if (scheduled?.status === 'False' && scheduled.reason === 'Unschedulable') {
    const created = Date.parse(textAt(pod, 'metadata', 'creationTimestamp'));
    const isNew = now !== undefined && now.getTime() - created < schedulingGraceMs;
    return isNew
      ? inProgress('PodNotScheduled', 'the pod is not placed on a node yet')
      : failed('PodUnschedulable', scheduled.message || 'the pod cannot be placed on any node');
  }
  return crashLoopOf(pod) ?? inProgress('PodPending', waitingOf(pod) || 'the pod is starting');
}

/** All container statuses of a pod, init containers first. */
export function containersOf(pod: KubernetesObject): unknown[] {
  return [...listAt(pod, 'status', 'initContainerStatuses'), ...listAt(pod, 'status', 'containerStatuses')];
}

function crashLoopOf(pod: KubernetesObject): Health | undefined {
  const container = containersOf(pod).find(
    (status) => textAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff',
  );
  if (container === undefined) return undefined;
  return failed('ContainerCrashLooping', `container ${textAt(container, 'name')} keeps crashing`);
}

function waitingOf(pod: KubernetesObject): string {
  const waiting = containersOf(pod).find((status) => fieldAt(status, 'state', 'waiting') !== undefined);
  return [textAt(waiting, 'state', 'waiting', 'reason'), textAt(waiting, 'state', 'waiting', 'message')]
    .filter(Boolean)
    .join(': ');
}

function exitOf(pod: KubernetesObject): string {
  const ended = containersOf(pod).find(
    (status) => Number(fieldAt(status, 'state', 'terminated', 'exitCode') ?? 0) !== 0,
  );
  if (ended === undefined) return '';
  return `container ${textAt(ended, 'name')} ended with exit code ${String(fieldAt(ended, 'state', 'terminated', 'exitCode'))}`;
}
