import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type EmbeddedSqs, startSqs } from '@shipit/embedded';
import { SystemClock } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import { waitUntil } from '@shipit/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type MessageContext, MessageHandler } from '../src/message-handler.js';
import { SqsIntake } from '../src/sqs-intake.js';
import { TerminalError } from '../src/terminal-error.js';

const Body = z.object({ n: z.number() });
type Handle = (n: number, context: MessageContext) => Promise<void>;

class BodyHandler extends MessageHandler<typeof Body> {
  readonly schema = Body;
  constructor(private readonly run: Handle) {
    super();
  }

  async handle({ n }: z.infer<typeof Body>, context: MessageContext): Promise<void> {
    await this.run(n, context);
  }
}

describe('intake from SQS', { timeout: 30_000 }, () => {
  let sqs: EmbeddedSqs;
  let client: SQSClient;
  let urls: { queueUrl: string; deadLetterQueueUrl: string };
  const intakes: SqsIntake[] = [];

  beforeEach(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' });
    sqs = await startSqs();
    urls = { queueUrl: sqs.createQueue('pushes'), deadLetterQueueUrl: sqs.createQueue('pushes-dead') };
    client = new SQSClient({ region: sqs.region });
  });
  afterEach(async () => {
    await Promise.all(intakes.splice(0).map((intake) => intake.stop()));
    client.destroy();
    await sqs.close();
  });

  function start(handle: Handle, visibilitySeconds = 5): SqsIntake {
    const intake = new SqsIntake({
      ...urls,
      region: sqs.region,
      visibilitySeconds,
      waitSeconds: 2,
      handler: new BodyHandler(handle),
      log: new RecordedLog(),
      clock: new SystemClock(),
    });
    intakes.push(intake);
    intake.start();
    return intake;
  }

  async function receive(queueUrl: string) {
    const { Messages: messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 0,
      }),
    );
    return messages;
  }

  it('takes every message once and deletes it when its handler is done', async () => {
    const seen: number[] = [];
    for (let n = 0; n < 25; n++) sqs.sendMessage('pushes', JSON.stringify({ n }));
    const intake = start(async (n) => void seen.push(n));
    await waitUntil(() => seen.length === 25);
    await intake.stop();
    expect(new Set(seen).size).toBe(25);
    expect(await receive(urls.queueUrl)).toEqual([]);
  });

  it.each([
    ['no JSON', 'this is not JSON', 'The body is not JSON'],
    ['another shape', '{"n": "seven"}', 'The body does not fit at n'],
    ['a key that reaches for prototypes', '{"n": 1, "__proto__": {"x": 1}}', 'holds a key such as __proto__'],
    ['deep nesting', `${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, 'nested too deeply'],
    ['more than 64 KiB', JSON.stringify({ n: 1, text: 'é'.repeat(500_000) }), 'larger than 64 KiB'],
  ])('moves a body with %s to the dead letters and takes the next one', async (_, body, reason) => {
    const seen: number[] = [];
    sqs.sendMessage('pushes', body);
    sqs.sendMessage('pushes', '{"n": 7}');
    start(async (n) => void seen.push(n));
    const [letter] = await waitUntil(async () => {
      const letters = await receive(urls.deadLetterQueueUrl);
      return letters.length > 0 && letters;
    });
    expect(letter?.MessageAttributes?.['reason']?.StringValue).toContain(reason);
    await waitUntil(() => seen.length === 1);
    expect(seen).toEqual([7]);
  });

  it('moves a message to the dead letters at once when trying again cannot help', async () => {
    let count = 0;
    sqs.sendMessage('pushes', '{"n": 1}');
    start(async () => {
      count += 1;
      throw new TerminalError('no such\nregistry');
    });
    const [letter] = await waitUntil(async () => {
      const letters = await receive(urls.deadLetterQueueUrl);
      return letters.length > 0 && letters;
    });
    expect(letter?.Body).toBe('{"n": 1}');
    expect(letter?.MessageAttributes?.['reason']?.StringValue).toBe('no such registry');
    expect(count).toBe(1);
  });

  it('leaves a message where it is after any other error, and gets it again', async () => {
    const attempts: number[] = [];
    sqs.sendMessage('pushes', '{"n": 1}');
    start(async (_, { attempt }) => {
      attempts.push(attempt);
      if (attempt < 3) throw new Error('Redis is away');
    });
    await waitUntil(() => attempts.length === 3, { limitMs: 10_000 });
    expect(attempts).toEqual([1, 2, 3]);
  });

  it('keeps a message from others for as long as it is in hand', async () => {
    let count = 0;
    let done: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (done = resolve));
    sqs.sendMessage('pushes', '{"n": 1}');
    const slow = start(async () => {
      count += 1;
      await gate;
    }, 2);
    await waitUntil(() => count === 1);
    const until = Date.now() + 4_000;
    await waitUntil(async () => (await receive(urls.queueUrl)).length > 0 || Date.now() > until, { limitMs: 6_000 });
    expect(Date.now()).toBeGreaterThan(until);
    done();
    await slow.stop();
    expect(count).toBe(1);
    expect(await receive(urls.queueUrl)).toEqual([]);
  });

  it('finishes what is in hand when it stops, and what it lets go comes again soon', async () => {
    const seen: number[] = [];
    sqs.sendMessage('pushes', '{"n": 1}');
    sqs.sendMessage('pushes', '{"n": 2}');
    const first = start(async (n, { signal }) => {
      seen.push(n);
      await new Promise<void>((resolve, reject) =>
        signal.addEventListener('abort', () => (n === 1 ? resolve() : reject(signal.reason as Error))),
      );
    }, 30);
    await waitUntil(() => seen.length === 2);
    await first.stop();
    const again: number[] = [];
    start(async (n) => void again.push(n), 30);
    await waitUntil(() => again.length === 1);
    expect(again).toEqual([2]);
  });

  it('goes on when SQS was away', async () => {
    const seen: number[] = [];
    const port = Number(new URL(sqs.url).port);
    start(async (n) => void seen.push(n));
    await sqs.close();
    sqs = await startSqs({ port });
    sqs.createQueue('pushes');
    sqs.sendMessage('pushes', '{"n": 1}');
    await waitUntil(() => seen.length === 1, { limitMs: 20_000 });
  });
});
