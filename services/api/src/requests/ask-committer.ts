import { Injectable } from '@nestjs/common';
import type { Accepted, HelmRelease, ShipitEvent } from '@shipit/contracts';
import { EventBus, EventLog } from '@shipit/messaging';
import { ApiProblem } from '../problems/api-problem.js';

export interface PersonsRequest {
  release: HelmRelease;
  reason: string;
  actor: string;
  idempotencyKey: string | undefined;
}

const limitMs = 30_000;

/** Hands a person's request to the committer and waits until it is on the branch, or refused. */
@Injectable()
export class AskCommitter {
  constructor(
    private readonly events: EventBus,
    private readonly eventLog: EventLog,
  ) {}

  async ask(request: ShipitEvent): Promise<Accepted> {
    const { subject } = request;
    const [newest] = await this.eventLog.read({ limit: 1, order: 'newest first' });
    const isRepeated = await this.eventLog.has(request.id);
    await this.events.publish(request);
    const after = isRepeated ? '0-0' : (newest?.cursor ?? '0-0');
    for await (const { event } of this.eventLog.follow(after, AbortSignal.timeout(limitMs), { subjects: [subject] })) {
      const answer = answerIn(event, request);
      if (answer) return answer;
    }
    throw new ApiProblem(
      503,
      'SHIPIT_NOT_COMMITTED_YET',
      `The request ${request.id} is queued, but its commit is not on the branch after ${limitMs / 1000} s. It is not lost: watch the release, or look at the repo-committer.`,
    );
  }
}

function answerIn(event: ShipitEvent, request: ShipitEvent): Accepted | undefined {
  const release = request.subject;
  if (event.type === 'rollback.refused' && event.data.requestId === request.id)
    throw new ApiProblem(409, 'SHIPIT_ROLLBACK_REFUSED', event.data.message);
  if (event.type !== 'release.committed' || event.data.requestId !== request.id) return undefined;
  return {
    requestId: request.id,
    release,
    commit: event.data.commit,
    message: event.data.message || `Committed ${event.data.commit.slice(0, 7)}`,
  };
}
