import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { awsAction, type AwsAction } from '../aws-json/aws-json-server.js';
import type { Queue, StoredMessage } from './queue.js';
import type { Queues } from './queues.js';
import { invalidParameter, resourceNotFound } from './sqs-error.js';

interface MoveTask {
  readonly handle: string;
  readonly sourceArn: string;
  readonly destinationArn?: string | undefined;
  readonly startedAt: number;
  readonly moved: number;
  readonly failureReason?: string | undefined;
}

/** Moving dead letters back. A task is done when its start is answered, so none can be cancelled. */
export function moveActions(queues: Queues, changed: () => void): Record<string, AwsAction> {
  const tasks: MoveTask[] = [];
  return {
    StartMessageMoveTask: awsAction(
      z.object({ SourceArn: z.string(), DestinationArn: z.string().optional() }),
      ({ SourceArn, DestinationArn }) => {
        const source = queueAt(queues, SourceArn);
        if (queues.sourcesOf(source).length === 0) {
          throw invalidParameter('Source queue must be configured as a Dead Letter Queue.');
        }
        const destination = DestinationArn === undefined ? undefined : queueAt(queues, DestinationArn);
        const task = moveAll(queues, source, destination);
        tasks.unshift(task);
        changed();
        return { TaskHandle: task.handle };
      },
    ),
    ListMessageMoveTasks: awsAction(
      z.object({ SourceArn: z.string(), MaxResults: z.number().int().min(1).max(10).default(1) }),
      ({ SourceArn, MaxResults }) => {
        queueAt(queues, SourceArn);
        const own = tasks.filter((task) => task.sourceArn === SourceArn);
        return { Results: own.slice(0, MaxResults).map(formatTask) };
      },
    ),
    CancelMessageMoveTask: awsAction(z.object({ TaskHandle: z.string() }), () => {
      throw resourceNotFound('The task is not running.');
    }),
  };
}

function queueAt(queues: Queues, arn: string): Queue {
  const queue = queues.byArn(arn);
  if (!queue)
    throw resourceNotFound(
      'The resource that you specified for the SourceArn or DestinationArn parameter does not exist.',
    );
  return queue;
}

function moveAll(queues: Queues, source: Queue, destination: Queue | undefined): MoveTask {
  const task = { handle: randomUUID(), sourceArn: source.arn, destinationArn: destination?.arn, startedAt: Date.now() };
  let moved = 0;
  for (const message of [...source.messages.values()]) {
    if (message.visibleAt > Date.now()) continue;
    const target = destination ?? queues.byArn(message.sourceArn ?? '');
    if (!target) return { ...task, moved, failureReason: 'CouldNotDetermineMessageSource' };
    source.messages.delete(message.id);
    target.put(renewed(message));
    moved += 1;
  }
  return { ...task, moved };
}

/** A moved message counts as new: it has another id and begins its retention again. */
function renewed(message: StoredMessage): StoredMessage {
  const now = Date.now();
  return {
    ...message,
    id: randomUUID(),
    sentAt: now,
    visibleAt: now,
    receiveCount: 0,
    firstReceivedAt: undefined,
    sourceArn: undefined,
  };
}

function formatTask(task: MoveTask): object {
  return {
    Status: task.failureReason === undefined ? 'COMPLETED' : 'FAILED',
    SourceArn: task.sourceArn,
    DestinationArn: task.destinationArn,
    ApproximateNumberOfMessagesMoved: task.moved,
    ApproximateNumberOfMessagesToMove: task.moved,
    StartedTimestamp: task.startedAt,
    FailureReason: task.failureReason,
  };
}
