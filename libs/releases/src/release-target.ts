import { type HelmReleaseSpec, releaseKey } from '@shipit/contracts';

/** Namespace and name under which Helm knows a release in its cluster. */
export function targetNameOf(
  release: { namespace: string; name: string },
  { targetNamespace, releaseName }: Pick<HelmReleaseSpec, 'targetNamespace' | 'releaseName'>,
): { namespace: string; name: string } {
  return { namespace: targetNamespace ?? release.namespace, name: releaseName ?? release.name };
}

/** The cluster that a release is installed in, of those configured. */
export function chooseCluster(
  wanted: string | undefined,
  configured: readonly string[],
): { cluster: string } | { problem: string } {
  const [first, ...others] = configured;
  const names = configured.join(', ');
  if (wanted !== undefined && !configured.includes(wanted))
    return { problem: `spec.cluster names ${wanted}, which is not configured; there is ${names}` };
  const cluster = wanted ?? (others.length === 0 ? first : undefined);
  if (cluster !== undefined) return { cluster };
  return { problem: `spec.cluster is needed: there are several clusters (${names})` };
}

/** `namespace/name` of what a release waits for. */
export function dependenciesOf(
  namespace: string | undefined,
  { dependsOn }: Pick<HelmReleaseSpec, 'dependsOn'>,
): string[] {
  return dependsOn.map((one) => releaseKey({ name: one.name, namespace: one.namespace ?? namespace }));
}

/** The folder of a chart that lies in the repository; undefined for charts from elsewhere. */
export function chartFolderOf({ chart: { repository, name } }: Pick<HelmReleaseSpec, 'chart'>): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(repository)) return undefined;
  const parts = `${repository}/${name}`.split('/').filter((part) => part !== '' && part !== '.');
  return parts.join('/');
}
