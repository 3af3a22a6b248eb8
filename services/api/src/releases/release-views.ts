import {
  type HelmRelease,
  HelmReleaseStatus,
  type ReleaseDetail,
  releaseKey,
  type ReleaseSummary,
  splitReleaseKey,
  syncAnnotations,
} from '@shipit/contracts';
import { formatTagPolicy } from '@shipit/images';
import { readReleaseSettings } from '@shipit/releases';

const notYet: HelmReleaseStatus = HelmReleaseStatus.parse({
  state: 'Pending',
  reason: 'New',
  message: 'Not deployed yet',
});

/** A HelmRelease as lists show it. */
export function summaryOf(release: HelmRelease, managementCluster: string): ReleaseSummary {
  const { metadata, spec, status = notYet } = release;
  const { state, reason, message, images, revision, commit } = status;
  const settings = readReleaseSettings(metadata.annotations ?? {});
  const key = releaseKey(metadata);
  return {
    release: key,
    ...splitReleaseKey(key),
    cluster: spec.cluster ?? managementCluster,
    ...{ state, reason, message, images },
    chart: chartOf(release),
    isAutodeployed: settings.autodeploy,
    isSuspended: spec.suspend,
    ...present({ squad: settings.squad, revision, commit, ...lastChangeOf(status) }),
  };
}

/** A HelmRelease with everything a person asks about it. */
export function detailOf(release: HelmRelease, managementCluster: string): ReleaseDetail {
  const { metadata, spec, status = notYet } = release;
  const annotations = metadata.annotations ?? {};
  const { tagPolicy, links, slack } = readReleaseSettings(annotations);
  const summary = summaryOf(release, managementCluster);
  const { deployId, pushId, startedAt, lastDeployedAt, lastGood, rollback, chart } = status;
  return {
    ...summary,
    releaseName: spec.releaseName ?? summary.name,
    targetNamespace: spec.targetNamespace ?? summary.namespace,
    imageTags: tagPolicy ? formatTagPolicy(tagPolicy) : 'unreadable',
    links: present({ ...links, slack }),
    conditions: status.conditions,
    automaticRollback: spec.rollback.automatic,
    ...present({
      path: annotations[syncAnnotations.path],
      chartInUse: chart,
      deployId,
      pushId,
      startedAt,
      lastDeployedAt,
      lastGood,
      rollback,
    }),
  };
}

/** By whom and since when it is as it is. */
function lastChangeOf({ actor, history: [latest], startedAt }: HelmReleaseStatus): {
  by: string | undefined;
  since: string | undefined;
} {
  return { by: actor ?? latest?.by, since: latest?.at ?? startedAt };
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
