import { Injectable } from '@nestjs/common';
import { ReleaseRecords } from '@shipit/charts';
import { Cluster, type KubernetesObject } from '@shipit/clusters';
import type { HelmRelease, ReleaseResource } from '@shipit/contracts';
import { assessHealth, isOwnedBy } from '@shipit/health';
import pLimit from 'p-limit';

const workloads: readonly string[] = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job'];
const atOnce = 8;

/** The live objects of a release: those of its newest release record, and the pods that its workloads own. */
@Injectable()
export class ReadResources {
  constructor(
    private readonly cluster: Cluster,
    private readonly records: ReleaseRecords,
  ) {}

  async of({ metadata, spec }: HelmRelease): Promise<ReleaseResource[]> {
    const namespace = spec.targetNamespace ?? metadata.namespace ?? 'default';
    const [newest] = await this.records.list(namespace, spec.releaseName ?? metadata.name);
    if (!newest) return [];
    const { manifests } = await this.records.read(newest);
    const limit = pLimit(atOnce);
    const found = await Promise.all(manifests.map((wanted) => limit(() => this.read(wanted, namespace))));
    const pods = found.some(({ object }) => object && workloads.includes(object.kind))
      ? await this.readPods(namespace)
      : [];
    return found.flatMap(({ resource, object }) => [resource, ...(object ? podsOf(object, pods) : [])]);
  }

  private async read(
    { apiVersion, kind, metadata }: KubernetesObject,
    releaseNamespace: string,
  ): Promise<{ resource: ReleaseResource; object?: KubernetesObject }> {
    const { name } = metadata;
    const isNamespaced = (await this.cluster.scopeOf(apiVersion, kind)) === 'Namespaced';
    const namespace = isNamespaced ? { namespace: metadata.namespace ?? releaseNamespace } : {};
    const object = await this.cluster.read({ apiVersion, kind, name, ...namespace });
    if (object) return { resource: describe(object), object };
    return { resource: { apiVersion, kind, name, ...namespace, health: 'NotFound', message: 'not in the cluster' } };
  }

  /** Pods, each with the ReplicaSet that stands between it and its Deployment. */
  private async readPods(namespace: string): Promise<OwnedPod[]> {
    const [pods, replicaSets] = await Promise.all([
      this.cluster.list({ apiVersion: 'v1', kind: 'Pod', namespace }),
      this.cluster.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace }),
    ]);
    return pods.map((pod) => ({ pod, owners: [pod, ...replicaSets.filter((set) => isOwnedBy(pod, set))] }));
  }
}

interface OwnedPod {
  pod: KubernetesObject;
  owners: readonly KubernetesObject[];
}

function podsOf(workload: KubernetesObject, pods: readonly OwnedPod[]): ReleaseResource[] {
  const owner = `${workload.kind}/${workload.metadata.name}`;
  return pods
    .filter(({ owners }) => owners.some((one) => isOwnedBy(one, workload)))
    .map(({ pod }) => ({ ...describe(pod), owner }));
}

function describe(object: KubernetesObject): ReleaseResource {
  const { apiVersion, kind, metadata } = object;
  const { status, message } = assessHealth(object);
  return {
    apiVersion,
    kind,
    name: metadata.name,
    health: status,
    message,
    ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
    ...(metadata.creationTimestamp !== undefined && { since: metadata.creationTimestamp }),
  };
}
