import { z } from 'zod';
import { awsAction, type AwsAction } from '../aws-json/aws-json-server.js';
import { digestAttributes, digestBody, messageSize } from './message-digest.js';
import type { Queue, ReceivedMessage } from './queue.js';
import type { Queues, SqsOwner } from './queues.js';
import { maximumMessageBytes } from './queue-attributes.js';
import { runBatch } from './run-batch.js';
import { batchError, invalidMessageContents, invalidParameter, missingParameter } from './sqs-error.js';

const Attribute = z.object({
  DataType: z.string().regex(/^(String|Number|Binary)(\.[\w.-]+)?$/),
  StringValue: z.string().optional(),
  BinaryValue: z.base64().optional(),
});
const Attributes = z.record(z.string().regex(/^[\w.-]{1,256}$/), Attribute);
const Message = z.object({
  MessageBody: z.string(),
  DelaySeconds: z.number().int().min(0).max(900).optional(),
  MessageAttributes: Attributes.default({}),
  MessageSystemAttributes: Attributes.default({}),
});
type Message = z.output<typeof Message>;

const Entries = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.object({ QueueUrl: z.string(), Entries: z.array(z.looseObject({ Id: z.string(), ...shape })).default([]) });
const OneQueue = z.object({ QueueUrl: z.string() });
const Seconds = z.number().int().min(0).max(43_200);
const Names = z.array(z.string()).default([]);

const Receive = OneQueue.extend({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: Seconds.optional(),
  WaitTimeSeconds: z.number().int().min(0).max(20).optional(),
  AttributeNames: Names,
  MessageSystemAttributeNames: Names,
  MessageAttributeNames: Names,
});

/** The actions that concern messages. */
export function messageActions(queues: Queues, owner: SqsOwner, changed: () => void): Record<string, AwsAction> {
  return {
    SendMessage: awsAction(OneQueue.extend(Message.shape), (input) => {
      const sent = sendMessage(queues.byUrl(input.QueueUrl), input);
      changed();
      return sent;
    }),
    SendMessageBatch: awsAction(Entries(Message.shape), (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const total = input.Entries.reduce(
        (sum, entry) => sum + messageSize(entry.MessageBody, entry.MessageAttributes),
        0,
      );
      if (total > maximumMessageBytes) throw batchError('BatchRequestTooLong');
      const result = runBatch(input.Entries, (entry) => sendMessage(queue, entry));
      changed();
      return result;
    }),
    ReceiveMessage: awsAction(Receive, async (input, { signal }) => {
      const queue = queues.byUrl(input.QueueUrl);
      const received = await queue.receive({
        max: input.MaxNumberOfMessages,
        visibilitySeconds: input.VisibilityTimeout ?? queue.attributes.VisibilityTimeout,
        waitSeconds: input.WaitTimeSeconds ?? queue.attributes.ReceiveMessageWaitTimeSeconds,
        signal,
      });
      if (received.length === 0) return {};
      changed();
      const systemNames = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
      return { Messages: received.map((one) => formatMessage(one, systemNames, input.MessageAttributeNames, owner)) };
    }),
    ...receiptActions(queues, changed),
  };
}

function receiptActions(queues: Queues, changed: () => void): Record<string, AwsAction> {
  const receipt = { ReceiptHandle: z.string() };
  return {
    DeleteMessage: awsAction(OneQueue.extend(receipt), (input) => {
      queues.byUrl(input.QueueUrl).delete(input.ReceiptHandle);
      changed();
      return {};
    }),
    DeleteMessageBatch: awsAction(Entries(receipt), (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const result = runBatch(input.Entries, (entry) => queue.delete(entry.ReceiptHandle));
      changed();
      return result;
    }),
    ChangeMessageVisibility: awsAction(OneQueue.extend({ ...receipt, VisibilityTimeout: Seconds }), (input) => {
      queues.byUrl(input.QueueUrl).changeVisibility(input.ReceiptHandle, input.VisibilityTimeout);
      changed();
      return {};
    }),
    ChangeMessageVisibilityBatch: awsAction(Entries({ ...receipt, VisibilityTimeout: Seconds }), (input) => {
      const queue = queues.byUrl(input.QueueUrl);
      const result = runBatch(input.Entries, (entry) =>
        queue.changeVisibility(entry.ReceiptHandle, entry.VisibilityTimeout),
      );
      changed();
      return result;
    }),
  };
}

function sendMessage(queue: Queue, message: Message): object {
  checkMessage(queue, message);
  const sent = queue.send({
    body: message.MessageBody,
    attributes: message.MessageAttributes,
    traceHeader: message.MessageSystemAttributes.AWSTraceHeader?.StringValue,
    delaySeconds: message.DelaySeconds,
  });
  return {
    MessageId: sent.id,
    MD5OfMessageBody: digestBody(sent.body),
    MD5OfMessageAttributes: digestAttributes(sent.attributes),
    MD5OfMessageSystemAttributes: digestAttributes(message.MessageSystemAttributes),
  };
}

/** What XML cannot hold, SQS does not take. */
const forbiddenCharacters = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function checkMessage(queue: Queue, { MessageBody: body, MessageAttributes: attributes }: Message): void {
  if (body === '') throw missingParameter('MessageBody');
  if (forbiddenCharacters.test(body)) throw invalidMessageContents();
  if (Object.keys(attributes).length > 10)
    throw invalidParameter('Number of message attributes exceeds the allowed maximum of 10.');
  for (const [name, { DataType, StringValue, BinaryValue }] of Object.entries(attributes)) {
    const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
    if (!value)
      throw invalidParameter(`The message attribute '${name}' must contain a non-empty value of type '${DataType}'.`);
  }
  const limit = queue.attributes.MaximumMessageSize;
  if (messageSize(body, attributes) > limit) {
    throw invalidParameter(`One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`);
  }
}

function formatMessage(
  { message, receiptHandle }: ReceivedMessage,
  systemNames: string[],
  names: string[],
  owner: SqsOwner,
): object {
  const system: Record<string, string | undefined> = {
    SenderId: owner.account,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    AWSTraceHeader: message.traceHeader,
    DeadLetterQueueSourceArn: message.sourceArn,
  };
  const told = Object.entries(system).filter(
    ([name, value]) => value !== undefined && (systemNames.includes('All') || systemNames.includes(name)),
  );
  const attributes = Object.fromEntries(Object.entries(message.attributes).filter(([name]) => isAsked(name, names)));
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: message.id,
    ReceiptHandle: receiptHandle,
    Body: message.body,
    MD5OfBody: digestBody(message.body),
    ...(told.length > 0 && { Attributes: Object.fromEntries(told) }),
    ...(hasAttributes && { MessageAttributes: attributes, MD5OfMessageAttributes: digestAttributes(attributes) }),
  };
}

function isAsked(name: string, asked: string[]): boolean {
  return asked.some(
    (one) => one === 'All' || one === '.*' || one === name || (one.endsWith('.*') && name.startsWith(one.slice(0, -1))),
  );
}
