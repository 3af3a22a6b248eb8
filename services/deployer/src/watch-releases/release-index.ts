import { type HelmRelease, releaseKey } from '@shipit/contracts';
import type { KubernetesObject, ObjectRef } from '@shipit/clusters';
import { dependenciesOf } from '@shipit/releases';
import { hookReleaseOf } from './hook-release.js';
import { type Clusters, targetOf } from '../reconcile-release/target.js';

interface KnownRelease {
  key: string;
  cluster: string;
  place: string;
  dependsOn: string[];
  /** Changes where a pass may have something to do; the status that passes write is not in it. */
  wish: string;
}

/** Finds the release that an object of a cluster belongs to. Fed by watches, so it may be behind; the periodic listing heals that. */
export class ReleaseIndex {
  private readonly releases = new Map<string, KnownRelease>();
  private readonly byPlace = new Map<string, string>();
  private readonly workloads = new Map<string, string>();

  constructor(private readonly clusters: Clusters) {}

  /** Returns whether anything but the status is new. */
  put(release: HelmRelease): boolean {
    const key = releaseKey(release.metadata);
    const before = this.releases.get(key);
    const known = describe(key, release, this.clusters);
    this.releases.set(key, known);
    this.byPlace.set(known.place, key);
    return before?.wish !== known.wish;
  }

  remove(key: string): void {
    const known = this.releases.get(key);
    this.releases.delete(key);
    if (known && this.byPlace.get(known.place) === key) this.byPlace.delete(known.place);
  }

  clusterOf(key: string): string {
    return this.releases.get(key)?.cluster ?? [...this.clusters.keys()][0] ?? '';
  }

  dependentsOf(key: string): string[] {
    return [...this.releases.values()].filter(({ dependsOn }) => dependsOn.includes(key)).map((known) => known.key);
  }

  /** A workload carries Helm's marks, or those of a hook. */
  putWorkload(cluster: string, object: KubernetesObject): string | undefined {
    const annotations = object.metadata.annotations ?? {};
    const name = annotations['meta.helm.sh/release-name'];
    const place = `${cluster}/${annotations['meta.helm.sh/release-namespace'] ?? ''}/${name ?? ''}`;
    const key = hookReleaseOf(object) ?? this.byPlace.get(place);
    const id = workloadId(cluster, { ...object.metadata, kind: object.kind });
    if (key === undefined) return this.workloads.get(id);
    this.workloads.set(id, key);
    return key;
  }

  removeWorkload(cluster: string, object: KubernetesObject): string | undefined {
    const id = workloadId(cluster, { ...object.metadata, kind: object.kind });
    const key = this.workloads.get(id);
    this.workloads.delete(id);
    return key;
  }

  /** The release of a pod: its own marks, or those of what made it. */
  ofPod(cluster: string, pod: KubernetesObject): string | undefined {
    const owner = ownerOfPod(pod);
    return owner ? this.workloads.get(workloadId(cluster, owner)) : this.putWorkload(cluster, pod);
  }
}

function describe(key: string, release: HelmRelease, clusters: Clusters): KnownRelease {
  const { metadata, spec } = release;
  const target = targetOf(release, clusters);
  const cluster = 'problem' in target ? ([...clusters.keys()][0] ?? '') : target.cluster.name;
  const place = 'problem' in target ? `?/${key}` : `${cluster}/${target.namespace}/${target.name}`;
  const wish = JSON.stringify([metadata.uid, metadata.generation, metadata.deletionTimestamp, metadata.annotations]);
  return { key, cluster, place, dependsOn: dependenciesOf(metadata.namespace, spec), wish };
}

function workloadId(
  cluster: string,
  { kind, namespace, name }: Pick<ObjectRef, 'kind' | 'namespace' | 'name'>,
): string {
  return `${cluster}/${kind}/${namespace ?? ''}/${name}`;
}

/** A Deployment's pods belong to its replica sets, which are called after it and the hash of their template. */
function ownerOfPod({ metadata }: KubernetesObject): Pick<ObjectRef, 'kind' | 'namespace' | 'name'> | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller) ?? metadata.ownerReferences?.[0];
  if (!owner) return undefined;
  const { namespace } = metadata;
  if (owner.kind !== 'ReplicaSet') return { kind: owner.kind, namespace, name: owner.name };
  const suffix = `-${metadata.labels?.['pod-template-hash'] ?? ''}`;
  return owner.name.endsWith(suffix)
    ? { kind: 'Deployment', namespace, name: owner.name.slice(0, -suffix.length) }
    : undefined;
}
