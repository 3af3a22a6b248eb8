import type { Cluster } from '@shipit/clusters';
import { assessRollout, fieldAt, type KubernetesObject, podsByRevision, type RolloutHealth } from '@shipit/health';
import type { ReleasePass } from './outcome.js';

const kindsWithPods: ReadonlySet<string> = new Set(['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'Pod']);

/** Looks through workloads to their pods. */
export class WorkloadReader {
  hasPods({ kind }: KubernetesObject): boolean {
    return kindsWithPods.has(kind);
  }

  async rolloutOf(
    { target: { cluster }, now }: Pick<ReleasePass, 'target' | 'now'>,
    workload: KubernetesObject,
  ): Promise<RolloutHealth> {
    const { replicaSets, pods } = await readPods(cluster, workload);
    const first = assessRollout({ workload, replicaSets, pods, now });
    // Events tell sooner that an image was looked for twice; they are many, so only then.
    if (first.status !== 'InProgress' || first.fault?.reason !== 'ImageNotFound') return first;
    const events = await cluster.list({ apiVersion: 'v1', kind: 'Event', namespace: workload.metadata.namespace });
    return assessRollout({ workload, replicaSets, pods, events, now });
  }

  /** A rolling update of a StatefulSet does not replace a pod that never got ready: those of the revision before are in its way. */
  async stuckPods({ target: { cluster } }: ReleasePass, workload: KubernetesObject): Promise<KubernetesObject[]> {
    if (workload.kind !== 'StatefulSet') return [];
    const { replicaSets, pods } = await readPods(cluster, workload);
    return podsByRevision(workload, replicaSets, pods).old.filter((pod) => !isReady(pod));
  }
}

async function readPods(
  cluster: Cluster,
  workload: KubernetesObject,
): Promise<{ replicaSets: KubernetesObject[]; pods: KubernetesObject[] }> {
  const { namespace } = workload.metadata;
  if (workload.kind === 'Pod') return { replicaSets: [], pods: [workload] };
  const labelSelector = selectorOf(workload);
  if (labelSelector === '') return { replicaSets: [], pods: [] };
  const [replicaSets, pods] = await Promise.all([
    workload.kind === 'Deployment'
      ? cluster.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace, labelSelector })
      : [],
    cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace, labelSelector }),
  ]);
  return { replicaSets, pods };
}

/** Only equality: enough to narrow the list, whose objects are told apart by their owners. */
function selectorOf(workload: KubernetesObject): string {
  const labels = (fieldAt(workload, 'spec', 'selector', 'matchLabels') ?? {}) as Record<string, unknown>;
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(',');
}

function isReady(pod: KubernetesObject): boolean {
  const conditions = fieldAt(pod, 'status', 'conditions');
  return (
    Array.isArray(conditions) &&
    conditions.some((one) => fieldAt(one, 'type') === 'Ready' && fieldAt(one, 'status') === 'True')
  );
}
