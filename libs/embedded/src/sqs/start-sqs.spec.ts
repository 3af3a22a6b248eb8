import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeSqs } from './sqs.contract.js';
import { startSqs } from './start-sqs.js';

describeSqs('embedded SQS', () => startSqs());

describe('embedded SQS with a state file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sqs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('finds its queues, messages and receipts again after a restart', async () => {
    const stateFile = join(folder, 'sqs.json');
    const before = await startSqs({ stateFile });
    before.createQueue('dead');
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: before.arnOf('dead'), maxReceiveCount: 3 });
    before.createQueue('pushes', { RedrivePolicy });
    before.sendMessage('pushes', 'in hand');
    const [inHand] = await receive(before.url);
    before.sendMessage('pushes', 'waiting');
    await before.close();

    const after = await startSqs({ stateFile });
    expect((await receive(after.url)).map(({ Body }) => Body)).toEqual(['waiting']);
    await withClient(after.url, (client) =>
      client.send(
        new DeleteMessageCommand({ QueueUrl: `${after.url}/0/pushes`, ReceiptHandle: inHand?.ReceiptHandle }),
      ),
    );
    expect(after.createQueue('pushes', { RedrivePolicy })).toBe(`${after.url}/000000000000/pushes`);
    await after.close();

    const state = await startSqs({ stateFile });
    expect(await receive(state.url)).toEqual([]);
    await state.close();
  });

  it('says which file cannot be read', async () => {
    const stateFile = join(folder, 'sqs.json');
    await writeFile(stateFile, '{"version":1');

    await expect(startSqs({ stateFile })).rejects.toThrow(`${stateFile} cannot be read; remove the file to begin anew`);
  });
});

describe('embedded SQS by HTTP', () => {
  it('answers what is not understood with a typed error and stays up', async () => {
    const sqs = await startSqs();
    const url = sqs.createQueue('pushes');
    const call = async (target: string, body: string): Promise<{ status: number; type: unknown }> => {
      const response = await fetch(sqs.url, { method: 'POST', headers: { 'x-amz-target': target }, body });
      return { status: response.status, type: ((await response.json()) as { __type: unknown }).__type };
    };

    expect(await call('AmazonSQS.__proto__', '{}')).toEqual({
      status: 400,
      type: 'com.amazonaws.sqs#UnknownOperationException',
    });
    expect(await call('AmazonSQS.SendMessage', '{')).toEqual({
      status: 400,
      type: 'com.amazonaws.sqs#SerializationException',
    });
    expect(await call('AmazonSQS.SendMessage', JSON.stringify({ QueueUrl: url }))).toEqual({
      status: 400,
      type: 'com.amazonaws.sqs#MissingRequiredParameterException',
    });
    await withClient(sqs.url, (client) => client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' })));
    await sqs.close();
  });

  it('stops at once although somebody polls', async () => {
    const sqs = await startSqs();
    const QueueUrl = sqs.createQueue('pushes');
    const polling = withClient(sqs.url, (client) =>
      client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })),
    );
    const outcome = polling.then(
      () => 'answered',
      () => 'cut',
    );
    await sqs.close();

    expect(await outcome).toBe('cut');
  });
});

function receive(url: string): Promise<Message[]> {
  const QueueUrl = `${url}/000000000000/pushes`;
  return withClient(url, async (client) => (await client.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []);
}

async function withClient<T>(url: string, use: (client: SQSClient) => Promise<T>): Promise<T> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SQSClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
