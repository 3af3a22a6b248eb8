import { type HelmRelease, idOf, releaseKey, type ShipitEvent, traceparentOf } from '@shipit/contracts';
import { ApiProblem } from '../problems/api-problem.js';

export interface PersonsRequest {
  release: HelmRelease;
  reason: string;
  actor: string;
  idempotencyKey: string;
  at: Date;
}

export type SettingType = 'lock.requested' | 'unlock.requested' | 'resume.requested';

/** A rollback to the commit that was named, or to the last good one before the revision that runs now. */
export function rollbackEvent(asked: PersonsRequest, to: string | undefined): ShipitEvent {
  const { release, reason, actor } = asked;
  const { status } = release;
  if (!status?.commit)
    throw new ApiProblem(
      409,
      'SHIPIT_NOT_DEPLOYED',
      `${releaseKey(release.metadata)} was never deployed: there is nothing to go back from.`,
    );
  const target = targetOf(release, to);
  if (!target)
    throw new ApiProblem(
      409,
      'SHIPIT_NOTHING_TO_RESTORE',
      `No good revision before ${status.commit.slice(0, 7)} is known. \`shipit releases history\` shows what there is; name one with "to".`,
    );
  return {
    ...envelope(requestIdOf('rollback.requested', asked), asked),
    type: 'rollback.requested',
    data: {
      release: releaseKey(release.metadata),
      of: status.commit,
      to: target,
      cause: { kind: 'person', message: reason, imageAtFault: false },
      by: 'person',
      actor,
      images: status.images,
      then: 'hold',
      ...(status.deployId !== undefined && { judgedDeployId: status.deployId }),
    },
  };
}

/** A request about locks. */
export function settingEvent(type: SettingType, asked: PersonsRequest): ShipitEvent {
  const { release, reason, actor } = asked;
  return {
    ...envelope(requestIdOf(type, asked), asked),
    type,
    data: { release: releaseKey(release.metadata), reason, actor },
  };
}

function targetOf({ status }: HelmRelease, to: string | undefined): string | undefined {
  const earlier = (status?.history ?? []).filter(
    ({ commit, state }) => commit !== status?.commit && (state === 'Deployed' || state === 'RolledBack'),
  );
  if (to !== undefined) return earlier.find(({ commit }) => commit.startsWith(to))?.commit;
  if (status?.lastGood && status.lastGood.commit !== status.commit) return status.lastGood.commit;
  return earlier[0]?.commit;
}

/** The same Idempotency-Key of the same caller is the same request, which is made only once. */
export function requestIdOf(
  type: SettingType | 'rollback.requested',
  { release, actor, idempotencyKey }: PersonsRequest,
): string {
  return idOf(type, releaseKey(release.metadata), actor, idempotencyKey);
}

function envelope(id: string, { release, at }: PersonsRequest) {
  return {
    specversion: '1.0' as const,
    id,
    source: 'api',
    subject: releaseKey(release.metadata),
    time: at.toISOString(),
    traceparent: traceparentOf(id),
  };
}
