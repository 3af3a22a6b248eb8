import { Injectable } from '@nestjs/common';
import type { Accepted, ShipitEvent } from '@shipit/contracts';
import { EventBus, EventLog } from '@shipit/messaging';
import { ApiProblem } from '../problems/api-problem.js';

const limitMs = 30_000;

/** Hands a person's request to the committer and waits until it is on the branch, or refused. */
@Injectable()
export class AskCommitter {
  constructor(
    private readonly events: EventBus,
    private readonly eventLog: EventLog,
  ) {}

  /** A request that was made before is not made again: its answer is looked for. */
  async ask(request: { id: string; subject: string; create: () => ShipitEvent }): Promise<Accepted> {
    if (await this.eventLog.has(request.id)) return this.waitForAnswer(request, '0-0');
    const event = request.create();
    const [newest] = await this.eventLog.read({ limit: 1, order: 'newest first' });
    await this.events.publish(event);
    return this.waitForAnswer(event, newest?.cursor ?? '0-0');
  }

  private async waitForAnswer(request: { id: string; subject: string }, after: string): Promise<Accepted> {
    const { id, subject } = request;
    for await (const { event } of this.eventLog.follow(after, AbortSignal.timeout(limitMs), { subjects: [subject] })) {
      const answer = answerIn(event, id);
      if (answer) return answer;
    }
    throw new ApiProblem(
      503,
      'SHIPIT_NOT_COMMITTED_YET',
      `The request ${id} is queued, but its commit is not on the branch after ${limitMs / 1000} s. It is not lost: watch the release, or look at the repo-committer.`,
    );
  }
}

const refusals = {
  superseded: 'SHIPIT_SUPERSEDED',
  'nothing to restore': 'SHIPIT_NOTHING_TO_RESTORE',
  'nothing to change': 'SHIPIT_NOTHING_TO_CHANGE',
  'cannot be edited': 'SHIPIT_CANNOT_BE_EDITED',
} as const;

function answerIn(event: ShipitEvent, requestId: string): Accepted | undefined {
  if (event.type === 'rollback.refused' && event.data.requestId === requestId)
    throw new ApiProblem(409, refusals[event.data.reason], event.data.message);
  if (event.type !== 'release.committed' || event.data.requestId !== requestId) return undefined;
  const { release, commit, message } = event.data;
  return { requestId, release, commit, message: message || `Committed ${commit.slice(0, 7)}` };
}
