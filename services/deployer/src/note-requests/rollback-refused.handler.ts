import { Injectable } from '@nestjs/common';
import { type HelmRelease, type HelmReleaseStatus, RollbackRefused } from '@shipit/contracts';
import { MessageHandler } from '@shipit/messaging';
import { type StatusNote, StatusNotes } from './status-notes.js';

/** A rollback that was asked for will not be: the release stands as it stood before. */
@Injectable()
export class RollbackRefusedHandler extends MessageHandler<typeof RollbackRefused> {
  readonly schema = RollbackRefused;

  constructor(private readonly notes: StatusNotes) {
    super();
  }

  async handle({ data }: RollbackRefused): Promise<void> {
    await this.notes.write(data.release, (release) => noteRefusal(release, data));
  }
}

export function noteRefusal(
  { status }: HelmRelease,
  { of, reason, message }: RollbackRefused['data'],
): StatusNote | undefined {
  if (status?.rollback?.of !== of || status.rollback.state !== 'requested') return undefined;
  const state = reason === 'superseded' ? 'superseded' : 'refused';
  return {
    status: {
      ...status,
      ...standing(status),
      rollback: { ...status.rollback, state },
      message: `No rollback: ${message}`.slice(0, 2000),
    },
  };
}

/** How the judged revision itself ended. */
function standing(status: HelmReleaseStatus): Pick<HelmReleaseStatus, 'state' | 'reason'> {
  if (status.state !== 'RollingBack') return { state: status.state, reason: status.reason };
  const judged = status.history.find(({ commit }) => commit === status.rollback?.of);
  return { state: judged?.state ?? 'Failed', reason: judged?.reason ?? 'RollbackRefused' };
}
