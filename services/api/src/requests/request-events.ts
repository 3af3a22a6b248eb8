import { randomUUID } from 'node:crypto';
import { type HelmRelease, idOf, releaseKey, type ShipitEvent, traceparentOf } from '@shipit/contracts';
import { ApiProblem } from '../problems/api-problem.js';
import type { PersonsRequest } from './ask-committer.js';

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
    ...envelope('rollback.requested', asked),
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

export function settingEvent(
  type: 'lock.requested' | 'unlock.requested' | 'resume.requested',
  asked: PersonsRequest,
): ShipitEvent {
  const { release, reason, actor } = asked;
  return { ...envelope(type, asked), type, data: { release: releaseKey(release.metadata), reason, actor } };
}

function targetOf({ status }: HelmRelease, to: string | undefined): string | undefined {
  const earlier = (status?.history ?? []).filter(
    ({ commit, state }) => commit !== status?.commit && (state === 'Deployed' || state === 'RolledBack'),
  );
  if (to !== undefined) return earlier.find(({ commit }) => commit.startsWith(to))?.commit;
  if (status?.lastGood && status.lastGood.commit !== status.commit) return status.lastGood.commit;
  return earlier[0]?.commit;
}

/** The same Idempotency-Key of the same caller gives the same event, which the bus then tells only once. */
function envelope(type: string, { release, actor, idempotencyKey }: PersonsRequest) {
  const subject = releaseKey(release.metadata);
  const id = idOf(type, subject, actor, idempotencyKey ?? randomUUID());
  return {
    specversion: '1.0' as const,
    id,
    source: 'api',
    subject,
    time: new Date().toISOString(),
    traceparent: traceparentOf(id),
  };
}
