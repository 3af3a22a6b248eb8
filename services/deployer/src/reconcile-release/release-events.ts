import {
  type HelmRelease,
  type HelmReleaseStatus,
  idOf,
  releaseKey,
  type ReleaseState,
  type ShipitEvent,
  syncAnnotations,
  traceparentOf,
} from '@shipit/contracts';
import type { Outcome, SeenRelease } from './outcome.js';

const types = {
  Deploying: 'release.deploying',
  Deployed: 'release.deployed',
  Failed: 'release.failed',
  RollingBack: 'release.rolling-back',
  RolledBack: 'release.rolled-back',
  Deleting: 'release.deleting',
} as const satisfies Partial<Record<ReleaseState, ShipitEvent['type']>>;

/** The event that tells of a new status, if it is news. The same change has the same id, however often it is told. */
export function eventOf(pass: SeenRelease, outcome: Outcome, status: HelmReleaseStatus): ShipitEvent | undefined {
  const { release } = pass;
  if (status.state === 'Pending' || !isNews(release.status, status)) return undefined;
  return announcement(release, {
    type: types[status.state],
    status,
    outcome,
    cluster: pass.clusterName,
    now: pass.now,
  });
}

/** The release is gone. */
export function deletedEvent(pass: SeenRelease, status: HelmReleaseStatus): ShipitEvent {
  const outcome = { state: status.state, reason: 'Uninstalled', message: 'The release is gone' };
  return announcement(pass.release, {
    type: 'release.deleted',
    status,
    outcome,
    cluster: pass.clusterName,
    now: pass.now,
  });
}

/** A rollback was asked for; the same whether it is told when it is asked for or when its commit arrives. */
export function rollingBackEvent(
  release: HelmRelease,
  status: HelmReleaseStatus,
  around: { cluster: string; now: Date },
): ShipitEvent {
  const outcome = { state: status.state, reason: status.reason, message: status.message };
  return announcement(release, { type: 'release.rolling-back', status, outcome, ...around });
}

function isNews(before: HelmReleaseStatus | undefined, after: HelmReleaseStatus): boolean {
  if (before?.state !== after.state) return true;
  if (after.state === 'Deleting') return false;
  return (
    before.revision !== after.revision ||
    before.attempt !== after.attempt ||
    (after.state === 'Failed' && before.commit !== after.commit)
  );
}

interface Announcement {
  type: (typeof types)[keyof typeof types] | 'release.deleted';
  status: HelmReleaseStatus;
  outcome: Outcome;
  cluster: string;
  now: Date;
}

function announcement(release: HelmRelease, { type, status, outcome, cluster, now }: Announcement): ShipitEvent {
  const key = releaseKey(release.metadata);
  const annotations = release.metadata.annotations ?? {};
  const squad = annotations['shipit.dev/squad'];
  return {
    specversion: '1.0',
    id: idOf(key, type, ...whichOne(type, status, release.metadata.uid ?? '')),
    source: 'deployer',
    type,
    subject: key,
    time: now.toISOString(),
    ...tracing(annotations, status),
    data: {
      release: key,
      cluster,
      commit: status.commit ?? '',
      images: status.images,
      reason: outcome.reason,
      message: outcome.message,
      actor: status.actor ?? '',
      ...(squad === undefined ? {} : { squad }),
      ...(status.revision === undefined ? {} : { revision: status.revision }),
      ...(status.chart === undefined ? {} : { chart: status.chart }),
      ...causeOf(type, status, outcome),
    },
  };
}

/** What sets two changes of the same kind apart. A revision is known by its number and beginning, also to an object that was lost and came back. */
function whichOne(type: Announcement['type'], status: HelmReleaseStatus, uid: string): (string | number)[] {
  if (type === 'release.rolling-back' && status.rollback) return [status.rollback.of];
  if (type === 'release.deleting' || type === 'release.deleted') return [uid];
  return [status.revision ?? 0, status.startedAt ?? uid, status.attempt, status.commit ?? ''];
}

function tracing(annotations: Record<string, string>, status: HelmReleaseStatus) {
  const trace = annotations[syncAnnotations.traceId];
  const traceparent =
    trace && /^[0-9a-f]{32}$/.test(trace) ? `00-${trace}-${traceparentOf(trace).slice(36, 52)}-01` : undefined;
  return {
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(status.pushId === undefined ? {} : { pushid: status.pushId }),
    ...(status.deployId === undefined ? {} : { deployid: status.deployId }),
  };
}

function causeOf(type: Announcement['type'], { rollback }: HelmReleaseStatus, { failure }: Outcome) {
  if (type === 'release.rolling-back' || type === 'release.rolled-back')
    return rollback ? { cause: rollback.cause } : {};
  if (!failure) return {};
  const { message, object, imageAtFault } = failure;
  return {
    cause: {
      kind: 'release' as const,
      message: message.slice(0, 2000),
      imageAtFault,
      ...(object === undefined ? {} : { object }),
    },
  };
}
