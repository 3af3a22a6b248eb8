import { Injectable } from '@nestjs/common';
import { LockRequested, ResumeRequested, type ShipitEvent, UnlockRequested } from '@shipit/contracts';
import { EventBus, type MessageContext, MessageHandler } from '@shipit/messaging';
import { Clock, crashPoint } from '@shipit/platform';
import { type ReadLocks, readLocks } from '@shipit/releases';
import { z } from 'zod';
import type { IndexedRelease } from '../index-releases/release-index.js';
import { BranchWriter, type Written } from '../publish-edits/branch-writer.js';
import { answerTo } from '../read-branch/request-envelope.js';
import { NewestImages } from './newest-images.js';
import { planRequest, type RequestOutcome, type SettingRequested } from './plan-request.js';

const schema = z.union([LockRequested, UnlockRequested, ResumeRequested]);

interface Decided {
  outcome: RequestOutcome;
  release: IndexedRelease | undefined;
  /** With the request's own change. */
  locks: ReadLocks;
}

/**
 * Locks, unlocks and resumes a release by a commit to locks.yaml. After an unlock or a resume the newest allowed image is
 * asked of the registry and goes the way of any push. Done when all commits are on the branch.
 */
@Injectable()
export class CommitRequestHandler extends MessageHandler<typeof schema> {
  readonly schema = schema;

  constructor(
    private readonly writer: BranchWriter,
    private readonly newest: NewestImages,
    private readonly events: EventBus,
    private readonly clock: Clock,
  ) {
    super();
  }

  async handle(request: SettingRequested, { log, signal }: MessageContext): Promise<void> {
    const written = await this.writer.write<Decided>(async (branch) => {
      const { commit, outcome } = await planRequest(request, branch);
      const text = commit?.files.get(branch.index.locksPath);
      const locks = text === undefined ? branch.locks() : readLocks(text);
      return { commit, outcome: { outcome, locks, release: branch.index.find(request.data.release) } };
    }, signal);
    const { outcome, release, locks } = written.outcome;
    log.info({ release: request.data.release, commit: written.commit, ...outcome }, 'request decided');
    const isAnswered = outcome.kind !== 'refused';
    if (isAnswered) await this.events.publish(committedEvent(request, written, this.clock.now()));
    crashPoint('committer.after-request-announcement');
    const asksForImages = request.type !== 'lock.requested' && release !== undefined;
    const isDeployed = asksForImages && (await this.newest.deploy(request, { release, locks }, signal));
    if (outcome.kind === 'refused' && !isDeployed) {
      await this.events.publish(refusedEvent(request, outcome, { tip: written.tip, at: this.clock.now() }));
    }
  }
}

function committedEvent(request: SettingRequested, { commit, tip, outcome }: Written<Decided>, at: Date): ShipitEvent {
  const { release, actor, reason } = request.data;
  const done = outcome.outcome;
  const id = done.kind === 'known' ? done.commit : (commit ?? tip);
  const path = done.kind === 'refused' ? '' : done.path;
  const message = `${sentences[request.type]}: ${reason}`;
  return {
    ...answerTo(request, { type: 'release.committed', detail: id, at }),
    type: 'release.committed',
    data: { release, commit: id, path, actor, changes: [], message, requestId: request.id },
  };
}

const sentences = {
  'lock.requested': 'Locked',
  'unlock.requested': 'Unlocked',
  'resume.requested': 'Resumed',
} as const;

function refusedEvent(
  request: SettingRequested,
  { reason, message }: RequestOutcome & { kind: 'refused' },
  { tip, at }: { tip: string; at: Date },
): ShipitEvent {
  const { release } = request.data;
  return {
    ...answerTo(request, { type: 'rollback.refused', detail: reason, at }),
    type: 'rollback.refused',
    data: { release, of: tip, requestId: request.id, reason, message: message.slice(0, 2000) },
  };
}
