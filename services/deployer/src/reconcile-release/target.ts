import type { HelmRelease } from '@shipit/contracts';
import type { Cluster } from '@shipit/clusters';
import { chooseCluster, targetNameOf } from '@shipit/releases';

/** Where a release is installed: the cluster, its namespace there and its name in Helm. Unique among all releases. */
export interface Target {
  cluster: Cluster;
  namespace: string;
  name: string;
  /** `namespace/name` of the service account whose rights the cluster is used with; absent: with the deployer's own. */
  serviceAccount?: string;
}

/** The clusters of the configuration by name; the first holds the HelmRelease objects. */
export type Clusters = ReadonlyMap<string, Cluster>;

export function targetOf(release: HelmRelease, clusters: Clusters): Target | { problem: string } {
  const { spec, metadata } = release;
  const cluster = clusterOf(spec.cluster, clusters);
  if ('problem' in cluster) return cluster;
  const { namespace: own = 'default' } = metadata;
  const place = targetNameOf({ namespace: own, name: metadata.name }, spec);
  if (spec.serviceAccountName === undefined) return { cluster, ...place };
  const limited = actingAs(cluster, own, spec.serviceAccountName);
  if (limited) return { cluster: limited, ...place, serviceAccount: `${own}/${spec.serviceAccountName}` };
  return { problem: `spec.serviceAccountName is set, and cluster ${cluster.name} cannot act as a service account` };
}

function clusterOf(name: string | undefined, clusters: Clusters): Cluster | { problem: string } {
  const chosen = chooseCluster(name, [...clusters.keys()]);
  if ('problem' in chosen) return chosen;
  return clusters.get(chosen.cluster) ?? { problem: `cluster ${chosen.cluster} is not configured` };
}

interface Impersonating {
  asServiceAccount(namespace: string, account: string): Cluster;
}

const limitedClusters = new WeakMap<Cluster, Map<string, Cluster>>();

/** The same cluster with the rights of a service account only; made once, as it learns what the cluster serves. */
function actingAs(cluster: Cluster, namespace: string, account: string): Cluster | undefined {
  if (!canImpersonate(cluster)) return undefined;
  const known = limitedClusters.get(cluster) ?? new Map<string, Cluster>();
  limitedClusters.set(cluster, known);
  const limited = known.get(`${namespace}/${account}`) ?? cluster.asServiceAccount(namespace, account);
  known.set(`${namespace}/${account}`, limited);
  return limited;
}

function canImpersonate(cluster: Cluster): cluster is Cluster & Impersonating {
  return 'asServiceAccount' in cluster && typeof cluster.asServiceAccount === 'function';
}

/** The release that has the same target for longer, if any. */
export function holderOf(
  release: HelmRelease,
  all: readonly HelmRelease[],
  clusters: Clusters,
): HelmRelease | undefined {
  return all.find((other) => isSameTarget(other, release, clusters) && isBefore(other, release));
}

/** Two releases that would be installed under one name in one namespace. */
export function isSameTarget(a: HelmRelease, b: HelmRelease, clusters: Clusters): boolean {
  return a.metadata.uid !== b.metadata.uid && placeOf(a, clusters) === placeOf(b, clusters);
}

function placeOf(release: HelmRelease, clusters: Clusters): string {
  const target = targetOf(release, clusters);
  return 'problem' in target ? '' : `${target.cluster.name}/${target.namespace}/${target.name}`;
}

function isBefore({ metadata: a }: HelmRelease, { metadata: b }: HelmRelease): boolean {
  const [first, second] = [a.creationTimestamp ?? '', b.creationTimestamp ?? ''];
  return first < second || (first === second && (a.uid ?? '') < (b.uid ?? ''));
}
