import { z } from 'zod';
import { serveAwsJson } from '../aws-json/aws-json-server.js';
import { StateFile } from '../state-file.js';
import { messageActions } from './message-actions.js';
import { moveActions } from './move-actions.js';
import { attributeMap, writtenAttributes } from './queue-attributes.js';
import { queueActions } from './queue-actions.js';
import { Queues } from './queues.js';

export interface SqsOptions {
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  /** Queues and messages are kept here and found again at the next start. */
  readonly stateFile?: string | undefined;
}

export interface EmbeddedSqs {
  readonly url: string;
  readonly region: string;
  readonly account: string;
  /** Creates a queue as CreateQueue does, or finds it; answers its URL. */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): string;
  /** Puts a message on a queue without a client. */
  sendMessage(queueName: string, body: string): void;
  arnOf(queueName: string): string;
  /** How many messages the queue holds, in flight and delayed ones with them. */
  count(queueName: string): number;
  close(): Promise<void>;
}

/** Starts a stand-in for SQS (standard queues, JSON protocol) that unmodified AWS clients can use. */
export async function startSqs(options: SqsOptions = {}): Promise<EmbeddedSqs> {
  const owner = { account: options.account ?? '000000000000', region: options.region ?? 'us-east-1' };
  const queues = new Queues(owner);
  const file = new StateFile(options.stateFile, SavedState, () => save(queues));
  restore(queues, await file.load());
  const changed = (): void => file.changed();
  const server = await serveAwsJson(
    {
      target: 'AmazonSQS',
      contentType: 'application/x-amz-json-1.0',
      errorPrefix: 'com.amazonaws.sqs#',
      actions: {
        ...queueActions(queues, changed),
        ...messageActions(queues, owner, changed),
        ...moveActions(queues, changed),
      },
    },
    options.port,
  );
  return {
    ...owner,
    url: server.url,
    createQueue: (name, attributes = {}) => {
      const queue = queues.create(name, attributes);
      changed();
      return queues.urlOf(queue, server.url);
    },
    sendMessage: (queueName, body) => {
      queues.named(queueName).send({ body, attributes: {} });
      changed();
    },
    arnOf: (queueName) => queues.named(queueName).arn,
    count: (queueName) => queues.named(queueName).messages.size,
    close: async () => {
      await server.close();
      await file.flush();
      for (const queue of queues.all()) queue.close();
    },
  };
}

const SavedMessage = z.object({
  id: z.string(),
  body: z.string(),
  attributes: z.record(
    z.string(),
    z.object({ DataType: z.string(), StringValue: z.string().optional(), BinaryValue: z.string().optional() }),
  ),
  traceHeader: z.string().optional(),
  sentAt: z.number(),
  sourceArn: z.string().optional(),
  visibleAt: z.number(),
  receiveCount: z.number(),
  firstReceivedAt: z.number().optional(),
});

const SavedState = z.object({
  version: z.literal(1),
  queues: z.array(
    z.object({ name: z.string(), attributes: attributeMap, tags: attributeMap, messages: z.array(SavedMessage) }),
  ),
});

function save(queues: Queues): z.input<typeof SavedState> {
  return {
    version: 1,
    queues: queues.all().map((queue) => ({
      name: queue.name,
      attributes: writtenAttributes(queue.attributes),
      tags: queues.tags.get(queue.name) ?? {},
      messages: [...queue.messages.values()],
    })),
  };
}

/** Redrive policies name other queues: all are created before any gets its own. */
function restore(queues: Queues, state: z.output<typeof SavedState> | undefined): void {
  const saved = (state?.queues ?? []).map((one) => ({ ...one, queue: queues.create(one.name, {}) }));
  for (const { queue, attributes, tags, messages } of saved) {
    queues.setAttributes(queue, attributes);
    queues.tags.set(queue.name, tags);
    for (const message of messages) queue.put(message);
  }
}
