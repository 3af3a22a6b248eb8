import { createHash, randomUUID } from 'node:crypto';
import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  type Message,
  PurgeQueueCommand,
  type QueueAttributeName,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

export interface SqsPart {
  readonly url: string;
  close(): Promise<void>;
}

/** What AWS documents and moto does otherwise; those cases are skipped there. */
export type SqsGap = 'accepts any body' | 'knows no move tasks';

/** What Ship-it relies on in SQS. The embedded part and moto pass the same cases, but for moto's gaps. */
export function describeSqs(name: string, start: () => Promise<SqsPart>, gaps: readonly SqsGap[] = []): void {
  describe(name, () => {
    let part: SqsPart;
    let client: SQSClient;

    beforeAll(async () => {
      part = await start();
      client = new SQSClient({
        endpoint: part.url,
        region: 'us-east-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      });
    });
    afterAll(async () => {
      client.destroy();
      await part.close();
    });

    describeQueues(() => client);
    describeMessages(() => client, gaps);
    describeReceipts(() => client);
    describeDeadLetters(() => client, gaps);
  });
}

function describeQueues(client: () => SQSClient): void {
  it('finds a queue by name, again after it was created twice', async () => {
    const name = `queue-${randomUUID()}`;
    const first = await client().send(new CreateQueueCommand({ QueueName: name }));
    const second = await client().send(new CreateQueueCommand({ QueueName: name }));
    const found = await client().send(new GetQueueUrlCommand({ QueueName: name }));
    const listed = await client().send(new ListQueuesCommand({ QueueNamePrefix: name }));

    expect([second.QueueUrl, found.QueueUrl, listed.QueueUrls]).toEqual([
      first.QueueUrl,
      first.QueueUrl,
      [first.QueueUrl],
    ]);
  });

  it('refuses to create a queue again with other attributes', async () => {
    const name = `queue-${randomUUID()}`;
    await client().send(new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '10' } }));
    const again = new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '20' } });

    await expect(client().send(again)).rejects.toMatchObject({ name: 'QueueNameExists' });
  });

  it('tells the defaults and what was set', async () => {
    const url = await newQueue(client(), { VisibilityTimeout: '7' });
    await client().send(
      new SetQueueAttributesCommand({
        QueueUrl: url,
        Attributes: { DelaySeconds: '0', ReceiveMessageWaitTimeSeconds: '3' },
      }),
    );

    expect(await attributesOf(client(), url)).toMatchObject({
      VisibilityTimeout: '7',
      ReceiveMessageWaitTimeSeconds: '3',
      MessageRetentionPeriod: '345600',
      ApproximateNumberOfMessages: '0',
      QueueArn: expect.stringMatching(/^arn:aws:sqs:us-east-1:\d{12}:queue-/) as string,
    });
  });

  it('answers with a typed error and HTTP 400 for a queue that does not exist', async () => {
    const gone = await newQueue(client());
    await client().send(new DeleteQueueCommand({ QueueUrl: gone }));
    const expected = { name: 'QueueDoesNotExist', $metadata: { httpStatusCode: 400 } };

    await expect(client().send(new GetQueueUrlCommand({ QueueName: 'no-such-queue' }))).rejects.toMatchObject(expected);
    await expect(client().send(new SendMessageCommand({ QueueUrl: gone, MessageBody: 'x' }))).rejects.toMatchObject(
      expected,
    );
    await expect(client().send(new ReceiveMessageCommand({ QueueUrl: gone }))).rejects.toMatchObject(expected);
  });

  it('forgets every message when it is purged', async () => {
    const url = await newQueue(client());
    await send(client(), url, 'a', 'b');
    await client().send(new PurgeQueueCommand({ QueueUrl: url }));

    expect(await attributesOf(client(), url)).toMatchObject({ ApproximateNumberOfMessages: '0' });
    expect(await receive(client(), url)).toEqual([]);
  });
}

function describeMessages(client: () => SQSClient, gaps: readonly SqsGap[]): void {
  it('hands over the body with its digest, and the attributes that were asked for', async () => {
    const url = await newQueue(client());
    const body = 'body with "quotes", ümläuts and 🚀';
    const sent = await client().send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: 'because' },
          bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) },
          count: { DataType: 'Number', StringValue: '12' },
        },
      }),
    );
    const [message] = await receive(client(), url, {
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });

    expect(sent.MD5OfMessageBody).toBe(createHash('md5').update(body).digest('hex'));
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: body,
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: { reason: { DataType: 'String', StringValue: 'because' }, count: { StringValue: '12' } },
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) as string },
    });
    expect([...(message?.MessageAttributes?.bytes?.BinaryValue ?? [])]).toEqual([0, 1, 255]);
  });

  it('digests attributes as AWS documents it', async () => {
    const url = await newQueue(client());
    const sent = await client().send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: 'x',
        MessageAttributes: { reason: { DataType: 'String', StringValue: 'because' } },
      }),
    );
    const field = (text: string): Buffer => Buffer.concat([Buffer.from([0, 0, 0, text.length]), Buffer.from(text)]);
    const bytes = Buffer.concat([field('reason'), field('String'), Buffer.from([1]), field('because')]);

    expect(sent.MD5OfMessageAttributes).toBe(createHash('md5').update(bytes).digest('hex'));
  });

  it('leaves attributes out that nobody asked for', async () => {
    const url = await newQueue(client());
    const attribute = { reason: { DataType: 'String', StringValue: 'because' } };
    await client().send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', MessageAttributes: attribute }));
    const [message] = await receive(client(), url);

    expect(message?.MessageAttributes).toBeUndefined();
    expect(message?.Attributes).toBeUndefined();
  });

  it('answers an empty queue without Messages', async () => {
    const url = await newQueue(client());
    const answer = await client().send(new ReceiveMessageCommand({ QueueUrl: url }));

    expect(answer.Messages).toBeUndefined();
  });

  it('ends a long poll as soon as a message comes', async () => {
    const url = await newQueue(client());
    const started = Date.now();
    const waiting = receive(client(), url, { WaitTimeSeconds: 10 });
    setTimeout(() => void send(client(), url, 'late'), 300);

    expect((await waiting).map((message) => message.Body)).toEqual(['late']);
    expect(Date.now() - started).toBeLessThan(8_000);
  });

  it('hands over at most as many as asked for', async () => {
    const url = await newQueue(client());
    await send(client(), url, ...Array.from({ length: 7 }, (_, index) => `m${index}`));

    expect(await receive(client(), url, { MaxNumberOfMessages: 5 })).toHaveLength(5);
    expect(await receive(client(), url, { MaxNumberOfMessages: 5 })).toHaveLength(2);
  });

  it('keeps a delayed message back', async () => {
    const url = await newQueue(client());
    await client().send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x', DelaySeconds: 1 }));

    expect(await receive(client(), url)).toEqual([]);
    expect(await attributesOf(client(), url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    expect(await receive(client(), url, { WaitTimeSeconds: 5 })).toHaveLength(1);
  });

  it('refuses what is larger than the queue allows', async () => {
    const url = await newQueue(client(), { MaximumMessageSize: '2048' });

    expect(await outcomeOf(client(), url, 'x'.repeat(2049))).toBe(400);
    expect(await outcomeOf(client(), url, 'x'.repeat(2048))).toBe('accepted');
  });

  it.skipIf(gaps.includes('accepts any body'))(
    'refuses an empty body and characters that XML cannot hold',
    async () => {
      const url = await newQueue(client());

      expect(await outcomeOf(client(), url, '')).toBe(400);
      expect(await outcomeOf(client(), url, '\u0001')).toBe(400);
    },
  );

  it('tells each entry of a batch by itself, and refuses batches that are wrong as a whole', async () => {
    const url = await newQueue(client());
    const entry = (Id: string): { Id: string; MessageBody: string } => ({ Id, MessageBody: `body ${Id}` });
    const sendBatch = (ids: string[]) =>
      client().send(new SendMessageBatchCommand({ QueueUrl: url, Entries: ids.map(entry) }));

    expect((await sendBatch(['a', 'b'])).Successful?.map((one) => one.Id)).toEqual(['a', 'b']);
    await expect(sendBatch([])).rejects.toMatchObject({ name: 'EmptyBatchRequest' });
    await expect(sendBatch(['a', 'a'])).rejects.toMatchObject({ name: 'BatchEntryIdsNotDistinct' });
    await expect(sendBatch([...'abcdefghijk'])).rejects.toMatchObject({ name: 'TooManyEntriesInBatchRequest' });
  });
}

function describeReceipts(client: () => SQSClient): void {
  it('hides a message while it is in hand and shows it again when its time is over', async () => {
    const url = await newQueue(client());
    await send(client(), url, 'work');

    expect(await receive(client(), url, { VisibilityTimeout: 1 })).toHaveLength(1);
    expect(await receive(client(), url)).toEqual([]);
    expect(await attributesOf(client(), url)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    const [again] = await receive(client(), url, {
      WaitTimeSeconds: 5,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(again?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('gives a message back at once, or keeps it longer, when its visibility is changed', async () => {
    const url = await newQueue(client());
    await send(client(), url, 'a', 'b');
    const [first, second] = await receive(client(), url, { MaxNumberOfMessages: 2, VisibilityTimeout: 1 });
    await client().send(
      new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
    );
    const changed = await client().send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: url,
        Entries: [{ Id: 'second', ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 30 }],
      }),
    );

    expect(changed.Successful).toEqual([{ Id: 'second' }]);
    expect(
      (await receive(client(), url, { MaxNumberOfMessages: 10, WaitTimeSeconds: 2 })).map(({ Body }) => Body),
    ).toEqual([first?.Body]);
    expect(await receive(client(), url, { WaitTimeSeconds: 2 })).toEqual([]);
  });

  it('deletes for good, and deleting again does no harm', async () => {
    const url = await newQueue(client());
    await send(client(), url, 'a', 'b');
    const [first, second] = await receive(client(), url, { MaxNumberOfMessages: 2, VisibilityTimeout: 1 });
    const deleteFirst = new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: first?.ReceiptHandle });
    await client().send(deleteFirst);
    await client().send(deleteFirst);
    const entries = [{ Id: 'second', ReceiptHandle: second?.ReceiptHandle }];
    const deleted = await client().send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: entries }));

    expect(deleted.Successful).toEqual([{ Id: 'second' }]);
    expect(await receive(client(), url, { WaitTimeSeconds: 2 })).toEqual([]);
  });

  it('refuses a receipt handle that never was one', async () => {
    const url = await newQueue(client());
    const change = new ChangeMessageVisibilityCommand({
      QueueUrl: url,
      ReceiptHandle: 'nonsense',
      VisibilityTimeout: 1,
    });

    await expect(client().send(change)).rejects.toMatchObject({ name: 'ReceiptHandleIsInvalid' });
  });
}

function describeDeadLetters(client: () => SQSClient, gaps: readonly SqsGap[]): void {
  async function setUp(): Promise<{ url: string; deadUrl: string; deadArn: string; arn: string }> {
    const deadUrl = await newQueue(client());
    const deadArn = (await attributesOf(client(), deadUrl)).QueueArn ?? '';
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: deadArn, maxReceiveCount: 2 });
    const url = await newQueue(client(), { RedrivePolicy, VisibilityTimeout: '0' });
    return { url, deadUrl, deadArn, arn: (await attributesOf(client(), url)).QueueArn ?? '' };
  }

  it('moves a message to the dead-letter queue when it was received too often', async () => {
    const { url, deadUrl } = await setUp();
    await send(client(), url, 'poison');
    expect(await receive(client(), url)).toHaveLength(1);
    expect(await receive(client(), url)).toHaveLength(1);
    expect(await receive(client(), url)).toEqual([]);

    expect((await receive(client(), deadUrl)).map((message) => message.Body)).toEqual(['poison']);
    const sources = await client().send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }));
    expect(sources.queueUrls).toEqual([url]);
  });

  it.skipIf(gaps.includes('knows no move tasks'))('moves dead letters back to the queue that is named', async () => {
    const { url, deadUrl, deadArn, arn } = await setUp();
    await send(client(), deadUrl, 'try again');
    await client().send(new StartMessageMoveTaskCommand({ SourceArn: deadArn, DestinationArn: arn }));

    expect((await receive(client(), url, { WaitTimeSeconds: 5 })).map((message) => message.Body)).toEqual([
      'try again',
    ]);
    const tasks = await client().send(new ListMessageMoveTasksCommand({ SourceArn: deadArn }));
    expect(tasks.Results).toMatchObject([{ Status: 'COMPLETED', DestinationArn: arn }]);
  });
}

async function newQueue(
  client: SQSClient,
  Attributes: Partial<Record<QueueAttributeName, string>> = {},
): Promise<string> {
  const created = await client.send(new CreateQueueCommand({ QueueName: `queue-${randomUUID()}`, Attributes }));
  return created.QueueUrl ?? '';
}

async function attributesOf(client: SQSClient, QueueUrl: string): Promise<Partial<Record<string, string>>> {
  const answer = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  return answer.Attributes ?? {};
}

async function send(client: SQSClient, QueueUrl: string, ...bodies: string[]): Promise<void> {
  for (const MessageBody of bodies) await client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
}

async function receive(
  client: SQSClient,
  QueueUrl: string,
  options: Omit<ReceiveMessageCommandInput, 'QueueUrl'> = {},
): Promise<Message[]> {
  return (await client.send(new ReceiveMessageCommand({ QueueUrl, ...options }))).Messages ?? [];
}

async function outcomeOf(client: SQSClient, QueueUrl: string, MessageBody: string): Promise<unknown> {
  return client.send(new SendMessageCommand({ QueueUrl, MessageBody })).then(
    () => 'accepted',
    (error: { $metadata?: { httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
  );
}
