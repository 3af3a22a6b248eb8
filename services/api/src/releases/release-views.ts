import {
  type HelmRelease,
  type ReleaseDetail,
  releaseKey,
  type ReleaseSummary,
  syncAnnotations,
} from '@shipit/contracts';
import { formatTagPolicy } from '@shipit/images';
import { readReleaseSettings } from '@shipit/releases';

/** A HelmRelease as lists show it. */
export function summaryOf(release: HelmRelease, managementCluster: string): ReleaseSummary {
  const { metadata, spec, status } = release;
  const settings = readReleaseSettings(metadata.annotations ?? {});
  const latest = status?.history[0];
  return {
    release: releaseKey(metadata),
    namespace: metadata.namespace ?? 'default',
    name: metadata.name,
    cluster: spec.cluster ?? managementCluster,
    state: status?.state ?? 'Pending',
    reason: status?.reason ?? 'New',
    message: status?.message ?? 'Not deployed yet',
    chart: chartOf(release),
    images: status?.images ?? [],
    isAutodeployed: settings.autodeploy,
    isSuspended: spec.suspend,
    ...present({
      squad: settings.squad,
      revision: status?.revision,
      commit: status?.commit,
      by: status?.actor ?? latest?.by,
      since: latest?.at ?? status?.startedAt,
    }),
  };
}

/** A HelmRelease with everything a person asks about it. */
export function detailOf(release: HelmRelease, managementCluster: string): ReleaseDetail {
  const { metadata, spec, status } = release;
  const settings = readReleaseSettings(metadata.annotations ?? {});
  return {
    ...summaryOf(release, managementCluster),
    releaseName: spec.releaseName ?? metadata.name,
    targetNamespace: spec.targetNamespace ?? metadata.namespace ?? 'default',
    imageTags: settings.tagPolicy ? formatTagPolicy(settings.tagPolicy) : 'unreadable',
    links: present({ ...settings.links, slack: settings.slack }),
    conditions: status?.conditions ?? [],
    automaticRollback: spec.rollback.automatic,
    ...present({
      path: metadata.annotations?.[syncAnnotations.path],
      chartInUse: status?.chart,
      deployId: status?.deployId,
      pushId: status?.pushId,
      startedAt: status?.startedAt,
      lastDeployedAt: status?.lastDeployedAt,
      lastGood: status?.lastGood && { revision: status.lastGood.revision, commit: status.lastGood.commit },
      rollback: status?.rollback,
    }),
  };
}

function chartOf({ spec: { chart }, status }: HelmRelease): string {
  const version = status?.chart?.version ?? chart.version;
  return version === undefined ? chart.name : `${chart.name}-${version}`;
}

type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** The fields that have a value. */
function present<T extends object>(fields: T): Present<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;
}
