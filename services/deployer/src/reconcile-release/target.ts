import type { HelmRelease } from '@shipit/contracts';
import type { Cluster } from '@shipit/clusters';

/** Where a release is installed: the cluster, its namespace there and its name in Helm. Unique among all releases. */
export interface Target {
  cluster: Cluster;
  namespace: string;
  name: string;
}

/** The clusters of the configuration by name; the first holds the HelmRelease objects. */
export type Clusters = ReadonlyMap<string, Cluster>;

export function targetOf(release: HelmRelease, clusters: Clusters): Target | { problem: string } {
  const { spec, metadata } = release;
  const names = [...clusters.keys()].join(', ');
  if (spec.cluster === undefined && clusters.size > 1) {
    return { problem: `spec.cluster is needed: there are several clusters (${names})` };
  }
  const cluster = spec.cluster === undefined ? [...clusters.values()][0] : clusters.get(spec.cluster);
  if (!cluster) return { problem: `spec.cluster names ${spec.cluster}, which is not configured; there is ${names}` };
  const namespace = spec.targetNamespace ?? metadata.namespace ?? 'default';
  return { cluster, namespace, name: spec.releaseName ?? metadata.name };
}

/** The release that has the same target for longer, if any. */
export function holderOf(release: HelmRelease, all: readonly HelmRelease[], clusters: Clusters): HelmRelease | undefined {
  const own = placeOf(release, clusters);
  return all.find(
    (other) => other.metadata.uid !== release.metadata.uid && placeOf(other, clusters) === own && isBefore(other, release),
  );
}

function placeOf(release: HelmRelease, clusters: Clusters): string {
  const target = targetOf(release, clusters);
  return 'problem' in target ? '' : `${target.cluster.name}/${target.namespace}/${target.name}`;
}

function isBefore({ metadata: a }: HelmRelease, { metadata: b }: HelmRelease): boolean {
  const [first, second] = [a.creationTimestamp ?? '', b.creationTimestamp ?? ''];
  return first < second || (first === second && (a.uid ?? '') < (b.uid ?? ''));
}
