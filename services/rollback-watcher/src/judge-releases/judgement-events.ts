import {
  type HelmRelease,
  idOf,
  releaseKey,
  type ReleaseProgress,
  type ShipitEvent,
  syncAnnotations,
  traceparentOf,
} from '@shipit/contracts';
import type { Judgement } from './decide-rollback.js';

interface Where {
  now: Date;
  cluster: string;
}

/** What is announced of a judgement. Ids name the judged deployment, so telling it again is no second event. */
export function eventOf(judgement: Judgement, release: HelmRelease, where: Where): ShipitEvent | undefined {
  const { commit = '', revision = 0 } = release.status ?? {};
  const subject = releaseKey(release.metadata);
  const envelope = { ...envelopeOf(release), subject, time: where.now.toISOString() };
  switch (judgement.action) {
    case 'none':
      return undefined;
    case 'rollback':
      return {
        ...envelope,
        id: idOf('rollback.requested', subject, judgement.request.of),
        type: 'rollback.requested',
        data: judgement.request,
      };
    case 'verify':
      return {
        ...envelope,
        id: idOf('release.verified', subject, revision, commit),
        type: 'release.verified',
        data: verified(release, where),
      };
    case 'report':
      return {
        ...envelope,
        id: idOf('release.problem', subject, judgement.code, commit),
        type: 'release.problem',
        data: { release: subject, commit, code: judgement.code, message: judgement.reason },
      };
  }
}

function envelopeOf({ metadata, status }: HelmRelease): {
  specversion: '1.0';
  source: string;
  traceparent: string;
  deployid?: string;
  pushid?: string;
} {
  const trace = metadata.annotations?.[syncAnnotations.traceId];
  return {
    specversion: '1.0',
    source: 'rollback-watcher',
    traceparent:
      trace && /^[0-9a-f]{32}$/.test(trace)
        ? `00-${trace}-${trace.slice(0, 16)}-01`
        : traceparentOf(releaseKey(metadata), status?.commit ?? ''),
    ...(status?.deployId && { deployid: status.deployId }),
    ...(status?.pushId && { pushid: status.pushId }),
  };
}

function verified({ metadata, spec, status }: HelmRelease, { cluster }: Where): ReleaseProgress {
  return {
    release: releaseKey(metadata),
    cluster: spec.cluster ?? cluster,
    commit: status?.commit ?? '',
    images: status?.images ?? [],
    reason: 'Unmonitored',
    message: `Quiet and healthy for ${spec.rollback.watch}`,
    actor: 'rollback-watcher',
    ...(status?.revision !== undefined && { revision: status.revision }),
    ...(status?.chart && { chart: status.chart }),
  };
}
