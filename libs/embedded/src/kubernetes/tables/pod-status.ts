import { numberAt, objectsAt, textAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';

/** The one word that kubectl shows for a pod. */
export function podStatus(pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating';
  const init = objectsAt(pod, 'status', 'initContainerStatuses').find(
    (status) => numberAt(status, 'state', 'terminated', 'exitCode') !== 0,
  );
  if (init) return `Init:${reasonOf(init) ?? '0/1'}`;
  const reasons = objectsAt(pod, 'status', 'containerStatuses').map(reasonOf);
  return (
    reasons.find((reason) => reason !== undefined) ??
    textAt(pod, 'status', 'reason') ??
    textAt(pod, 'status', 'phase') ??
    'Unknown'
  );
}

function reasonOf(status: JsonObject): string | undefined {
  return textAt(status, 'state', 'waiting', 'reason') ?? textAt(status, 'state', 'terminated', 'reason');
}
