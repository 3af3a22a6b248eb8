import { Injectable } from '@nestjs/common';
import { type HelmRelease, type HelmReleaseStatus, RollbackRequested, syncAnnotations } from '@shipit/contracts';
import { type MessageContext, MessageHandler } from '@shipit/messaging';
import { Clock } from '@shipit/platform';
import { rollingBackEvent } from '../reconcile-release/release-events.js';
import { ClusterNames } from './cluster-names.js';
import { type StatusNote, StatusNotes } from './status-notes.js';

/** Shows that a release is about to go back, and why, before the commit is there. The commit is the committer's. */
@Injectable()
export class RollbackRequestedHandler extends MessageHandler<typeof RollbackRequested> {
  readonly schema = RollbackRequested;

  constructor(
    private readonly notes: StatusNotes,
    private readonly clock: Clock,
    private readonly clusters: ClusterNames,
  ) {
    super();
  }

  async handle({ data, time }: RollbackRequested, { log }: MessageContext): Promise<void> {
    await this.notes.write(data.release, (release) => {
      const note = noteRollback(release, data, time);
      log.info({ release: data.release, of: data.of, isNoted: note !== undefined }, 'rollback requested');
      if (!note) return undefined;
      const around = { cluster: this.clusters.of(release), now: this.clock.now() };
      return { ...note, event: rollingBackEvent(release, note.status, around) };
    });
  }
}

/** Nothing where the release has gone on to another commit, or knows of the request already. */
export function noteRollback(
  { metadata, status }: HelmRelease,
  request: RollbackRequested['data'],
  at: string,
): StatusNote | undefined {
  const { of, to, cause, actor } = request;
  if (!status || status.commit !== of || metadata.annotations?.[syncAnnotations.commit] !== of) return undefined;
  if (status.rollback?.of === of) return undefined;
  return {
    status: {
      ...status,
      ...goodInsteadOf(status, of, to),
      state: 'RollingBack',
      reason: 'RollbackRequested',
      message: `Goes back because ${cause.message}`.slice(0, 2000),
      rollback: { of, to, cause, by: actor, at, state: 'requested' },
    },
  };
}

/** What is judged bad is not good any more. */
function goodInsteadOf(
  { lastGood, history }: HelmReleaseStatus,
  of: string,
  to: string,
): Pick<HelmReleaseStatus, 'lastGood'> | object {
  const earlier = lastGood?.commit === of ? history.find((entry) => entry.commit === to) : undefined;
  return earlier ? { lastGood: { revision: earlier.revision, commit: to } } : {};
}
