import { isOwnedBy, type KubernetesObject, textAt } from './kubernetes-object.js';

export interface RevisionPods {
  /** Pods of the revision that is being rolled out. */
  fresh: KubernetesObject[];
  /** Pods of earlier revisions that still run. */
  old: KubernetesObject[];
}

/** Sorts a workload's pods by revision; pods of others and pods on their way out are left aside. */
export function podsByRevision(
  workload: KubernetesObject,
  replicaSets: readonly KubernetesObject[],
  pods: readonly KubernetesObject[],
): RevisionPods {
  const staying = pods.filter((pod) => !pod.metadata.deletionTimestamp);
  if (workload.kind === 'Deployment') return ofDeployment(workload, replicaSets, staying);
  if (workload.kind === 'Pod')
    return { fresh: staying.filter((pod) => pod.metadata.uid === workload.metadata.uid), old: [] };
  const own = staying.filter((pod) => isOwnedBy(pod, workload));
  const isFresh = freshTest(workload, own);
  return { fresh: own.filter(isFresh), old: own.filter((pod) => !isFresh(pod)) };
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';

function ofDeployment(
  workload: KubernetesObject,
  replicaSets: readonly KubernetesObject[],
  pods: KubernetesObject[],
): RevisionPods {
  const revisionOf = (object: KubernetesObject) => Number(object.metadata.annotations?.[revisionAnnotation] ?? 0);
  const own = replicaSets.filter((set) => isOwnedBy(set, workload)).sort((a, b) => revisionOf(b) - revisionOf(a));
  const announced = revisionOf(workload);
  const newest = own.find((set) => announced > 0 && revisionOf(set) === announced) ?? own[0];
  if (!newest) return { fresh: [], old: [] };
  return {
    fresh: pods.filter((pod) => isOwnedBy(pod, newest)),
    old: pods.filter((pod) => own.some((set) => set !== newest && isOwnedBy(pod, set))),
  };
}

function freshTest(workload: KubernetesObject, pods: KubernetesObject[]): (pod: KubernetesObject) => boolean {
  const label = (pod: KubernetesObject, name: string) => pod.metadata.labels?.[name];
  if (workload.kind === 'StatefulSet') {
    const revision = textAt(workload, 'status', 'updateRevision');
    return (pod) => revision === '' || label(pod, 'controller-revision-hash') === revision;
  }
  if (workload.kind === 'DaemonSet') {
    // A daemon set does not name its newest revision; it numbers its templates, and its pods carry the number.
    const announced = workload.metadata.annotations?.['deprecated.daemonset.template.generation'];
    const numbers = pods.map((pod) => Number(label(pod, 'pod-template-generation') ?? 0));
    const newest = announced === undefined ? Math.max(0, ...numbers) : Number(announced);
    return (pod) => Number(label(pod, 'pod-template-generation') ?? 0) === newest;
  }
  return () => true;
}
