import { z } from 'zod';
import { awsAction, type AwsAction } from '../aws-json/aws-json-server.js';
import { attributeMap, numberAttributes, writtenAttributes } from './queue-attributes.js';
import type { Queue } from './queue.js';
import type { Queues } from './queues.js';
import { invalidAttributeName, invalidParameter } from './sqs-error.js';

const Tags = z.record(z.string().max(128), z.string().max(256));
const OneQueue = z.object({ QueueUrl: z.string() });

/** The actions that concern queues themselves. */
export function queueActions(queues: Queues, changed: () => void): Record<string, AwsAction> {
  return {
    CreateQueue: awsAction(
      z.object({ QueueName: z.string(), Attributes: attributeMap.default({}), tags: Tags.default({}) }),
      (input, { origin }) => {
        const queue = queues.create(input.QueueName, input.Attributes);
        queues.tags.set(queue.name, { ...queues.tags.get(queue.name), ...input.tags });
        changed();
        return { QueueUrl: queues.urlOf(queue, origin) };
      },
    ),
    GetQueueUrl: awsAction(z.object({ QueueName: z.string() }), (input, { origin }) => ({
      QueueUrl: queues.urlOf(queues.named(input.QueueName), origin),
    })),
    ListQueues: awsAction(
      z.object({
        QueueNamePrefix: z.string().default(''),
        MaxResults: z.number().int().min(1).max(1000).default(1000),
        NextToken: z.string().optional(),
      }),
      (input, { origin }) => {
        const named = queues.all().filter((queue) => queue.name.startsWith(input.QueueNamePrefix));
        return page(
          named.map((queue) => queues.urlOf(queue, origin)),
          input,
          'QueueUrls',
        );
      },
    ),
    ListDeadLetterSourceQueues: awsAction(OneQueue, (input, { origin }) => ({
      queueUrls: queues.sourcesOf(queues.byUrl(input.QueueUrl)).map((queue) => queues.urlOf(queue, origin)),
    })),
    GetQueueAttributes: awsAction(OneQueue.extend({ AttributeNames: z.array(z.string()).default([]) }), (input) =>
      selectAttributes(queues.byUrl(input.QueueUrl), input.AttributeNames),
    ),
    SetQueueAttributes: awsAction(OneQueue.extend({ Attributes: attributeMap }), (input) => {
      queues.setAttributes(queues.byUrl(input.QueueUrl), input.Attributes);
      changed();
      return {};
    }),
    PurgeQueue: awsAction(OneQueue, (input) => {
      queues.byUrl(input.QueueUrl).messages.clear();
      changed();
      return {};
    }),
    DeleteQueue: awsAction(OneQueue, (input) => {
      queues.delete(queues.byUrl(input.QueueUrl));
      changed();
      return {};
    }),
    ...tagActions(queues, changed),
  };
}

function tagActions(queues: Queues, changed: () => void): Record<string, AwsAction> {
  return {
    TagQueue: awsAction(OneQueue.extend({ Tags }), (input) => {
      const { name } = queues.byUrl(input.QueueUrl);
      queues.tags.set(name, { ...queues.tags.get(name), ...input.Tags });
      changed();
      return {};
    }),
    UntagQueue: awsAction(OneQueue.extend({ TagKeys: z.array(z.string()) }), (input) => {
      const { name } = queues.byUrl(input.QueueUrl);
      const left = Object.entries(queues.tags.get(name) ?? {}).filter(([key]) => !input.TagKeys.includes(key));
      queues.tags.set(name, Object.fromEntries(left));
      changed();
      return {};
    }),
    ListQueueTags: awsAction(OneQueue, (input) => ({ Tags: queues.tags.get(queues.byUrl(input.QueueUrl).name) ?? {} })),
  };
}

function selectAttributes(queue: Queue, names: string[]): { Attributes?: Record<string, string> } {
  if (names.length === 0) return {};
  const all = describeQueue(queue);
  if (names.includes('All')) return { Attributes: all };
  const unknown = names.find((name) => !knownAttributes.has(name));
  if (unknown !== undefined) throw invalidAttributeName(unknown);
  return { Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => names.includes(name))) };
}

const optionalAttributes = [
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
];
const countAttributes = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
];
const knownAttributes = new Set([
  ...numberAttributes,
  ...optionalAttributes,
  ...countAttributes,
  'QueueArn',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
]);

function describeQueue(queue: Queue): Record<string, string> {
  const counts = queue.count();
  return {
    ...writtenAttributes(queue.attributes),
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1000)),
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
  };
}

function page(items: string[], request: { MaxResults: number; NextToken?: string | undefined }, key: string): object {
  const start = request.NextToken === undefined ? 0 : Number(request.NextToken);
  if (!Number.isInteger(start) || start < 0) throw invalidParameter('Invalid or expired next token.');
  const end = start + request.MaxResults;
  const shown = items.slice(start, end);
  return { ...(shown.length > 0 && { [key]: shown }), ...(end < items.length && { NextToken: String(end) }) };
}
