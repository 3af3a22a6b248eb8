import type { HelmRelease } from '@shipit/contracts';

/** How many releases of each cluster failed within the window: cluster → releases. */
export function countFailing(releases: readonly HelmRelease[], now: Date, windowSeconds: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const release of releases) {
    if (!failedWithin(release, now.getTime() - windowSeconds * 1000)) continue;
    const cluster = release.spec.cluster ?? '';
    counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  }
  return counts;
}

function failedWithin({ status }: HelmRelease, since: number): boolean {
  return status?.history.some(({ state, at }) => state === 'Failed' && Date.parse(at) >= since) ?? false;
}
