import { releaseStates, type ReleaseSummary } from '@shipit/contracts';

/** As the API lists releases. */
export function aReleaseList(count: number): { items: ReleaseSummary[] } {
  const since = new Date(Date.now() - 3_600_000).toISOString();
  return {
    items: Array.from({ length: count }, (_, n) => {
      const tag = n.toString(16).padStart(40, '0');
      return {
        release: `default/service-${n}`,
        namespace: 'default',
        name: `service-${n}`,
        cluster: 'main',
        squad: `squad-${n % 12}`,
        state: releaseStates[n % releaseStates.length] ?? 'Pending',
        reason: 'Ready',
        message: `Revision ${n} runs`,
        chart: 'service-0.1.0',
        images: [`123456789012.dkr.ecr.us-east-1.amazonaws.com/service-${n}:${tag}`],
        revision: n,
        commit: tag,
        by: 'Ann <ann@example.com>',
        since,
        isAutodeployed: true,
        isSuspended: false,
      };
    }),
  };
}
