import { Injectable } from '@nestjs/common';
import { RollbackRequested, type ShipitEvent } from '@shipit/contracts';
import { EventBus, type MessageContext, MessageHandler } from '@shipit/messaging';
import { Clock, crashPoint } from '@shipit/platform';
import { BranchWriter, type Written } from '../publish-edits/branch-writer.js';
import { answerTo } from '../read-branch/request-envelope.js';
import { planRollback, type RollbackOutcome } from './plan-rollback.js';

/**
 * Restores a release's spec by a commit.
 *
 * The request names the judged commit; whether it still is what the branch says is read from the tip each time. A request that
 * comes again is found by its id in the history and only told again.
 */
@Injectable()
export class CommitRollbackHandler extends MessageHandler<typeof RollbackRequested> {
  readonly schema = RollbackRequested;

  constructor(
    private readonly writer: BranchWriter,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {
    super();
  }

  async handle(request: RollbackRequested, { log, signal }: MessageContext): Promise<void> {
    const written = await this.writer.write((branch) => planRollback(request, branch), signal);
    log.info({ release: request.data.release, commit: written.commit, ...written.outcome }, 'rollback decided');
    await this.events.publish(rollbackEvent(request, written, this.clock.now()));
    crashPoint('committer.after-rollback-announcement');
  }
}

function rollbackEvent(request: RollbackRequested, written: Written<RollbackOutcome>, at: Date): ShipitEvent {
  const { outcome } = written;
  if (outcome.kind === 'refused') return refusedEvent(request, outcome, at);
  const { release, of, to, cause, actor } = request.data;
  const commit = outcome.kind === 'known' ? outcome.commit : (written.commit ?? written.tip);
  return {
    ...answerTo(request, { type: 'release.committed', detail: commit, at }),
    type: 'release.committed',
    data: {
      release,
      commit,
      path: outcome.path,
      actor,
      changes: outcome.kind === 'known' ? [] : outcome.changes,
      rollback: { of, to, cause },
      message: `${release} rolled back: ${cause.message}`,
      requestId: request.id,
    },
  };
}

function refusedEvent(
  request: RollbackRequested,
  { reason, message }: RollbackOutcome & { kind: 'refused' },
  at: Date,
): ShipitEvent {
  const { release, of } = request.data;
  return {
    ...answerTo(request, { type: 'rollback.refused', detail: reason, at }),
    type: 'rollback.refused',
    data: { release, of, requestId: request.id, reason, message: message.slice(0, 2000) },
  };
}
