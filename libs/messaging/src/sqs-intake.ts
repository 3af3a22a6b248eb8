import { type Message, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { isPlainData } from '@shipit/contracts';
import type { Clock, Log } from '@shipit/platform';
import { Consumer } from 'sqs-consumer';
import type { MessageHandler } from './message-handler.js';
import { pathsOf } from './schema-paths.js';
import { TerminalError } from './terminal-error.js';

const maxBodyBytes = 64 * 1024;
const stopLimitMs = 8_000;
const maxRetryDelaySeconds = 60;

export interface SqsIntakeOptions {
  queueUrl: string;
  deadLetterQueueUrl: string;
  region: string;
  /** How long a message is hidden from others; extended while it is in hand. */
  visibilitySeconds: number;
  handler: MessageHandler;
  log: Log;
  clock: Clock;
  /** 20 by default; tests wait less. */
  waitSeconds?: number;
}

/**
 * Takes messages from SQS: ten at a time, each deleted only after its handler returned.
 * A body that is not JSON, too large or does not fit the handler's schema, and what the handler ends with TerminalError, moves to
 * the dead-letter queue with the attribute `reason`. Anything else leaves the message where it is; it comes again with growing delays.
 */
export class SqsIntake {
  private readonly sqs: SQSClient;
  private readonly consumer: Consumer;
  private readonly stopping = new AbortController();
  private inHand = 0;
  private failures = 0;

  constructor(private readonly options: SqsIntakeOptions) {
    const { queueUrl, region, visibilitySeconds, waitSeconds = 20 } = options;
    this.sqs = new SQSClient({
      region,
      endpoint: new URL(queueUrl).origin,
      requestHandler: { connectionTimeout: 5_000, requestTimeout: 30_000 },
    });
    this.consumer = Consumer.create({
      queueUrl,
      sqs: this.sqs,
      batchSize: 10,
      waitTimeSeconds: waitSeconds,
      visibilityTimeout: visibilitySeconds,
      heartbeatInterval: Math.max(1, Math.floor(visibilitySeconds / 3)),
      authenticationErrorTimeout: 1_000,
      messageSystemAttributeNames: ['ApproximateReceiveCount'],
      terminateVisibilityTimeout: ([message]) => this.retryDelaySeconds(message),
      strictReturn: true,
      preReceiveMessageCallback: () => this.waitAfterFailures(),
      postReceiveMessageCallback: () => {
        this.failures = 0;
        return Promise.resolve();
      },
      handleMessage: (message) => this.take(message),
    });
    this.consumer.on('error', (err) => this.onError(err));
    this.consumer.on('processing_error', () => undefined);
  }

  start(): void {
    this.consumer.start();
  }

  /** Takes nothing more and waits up to eight seconds for what is in hand; the rest comes again elsewhere. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('The service stops'));
    // Aborting would also abort the deletion of messages that are done, so only an idle poll is aborted.
    const isIdle = this.inHand === 0;
    this.consumer.stop({ abort: isIdle });
    const until = Date.now() + stopLimitMs;
    while (!isIdle && this.consumer.status.isPolling && Date.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    this.sqs.destroy();
  }

  private async take(message: Message): Promise<Message> {
    this.inHand += 1;
    const log = this.options.log.child({ messageId: message.MessageId });
    try {
      await this.handle(message, log);
    } catch (err) {
      if (!(err instanceof TerminalError)) {
        if (!this.stopping.signal.aborted) log.warn({ err }, 'message left in SQS, it will come again');
        throw err;
      }
      log.error({ err }, 'message dead-lettered');
      await this.deadLetter(message, err.message);
    } finally {
      this.inHand -= 1;
    }
    return message;
  }

  private async handle(message: Message, log: Log): Promise<void> {
    const { handler } = this.options;
    const body = handler.schema.safeParse(readBody(message.Body ?? ''));
    if (!body.success) throw new TerminalError(`The body does not fit at ${pathsOf(body.error)}`);
    await handler.handle(body.data, { log, signal: this.stopping.signal, attempt: receiveCount(message) });
  }

  private async deadLetter(message: Message, reason: string): Promise<void> {
    const body = message.Body ?? '';
    const isCut = Buffer.byteLength(body) > maxBodyBytes;
    await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: this.options.deadLetterQueueUrl,
        // An attribute more would push a body of the greatest allowed size over the limit, for ever.
        MessageBody: isCut
          ? Buffer.from(body)
              .subarray(0, maxBodyBytes)
              .toString('latin1')
              .replace(/[^\x20-\x7e]/g, '?')
          : body,
        MessageAttributes: {
          reason: {
            DataType: 'String',
            StringValue: reason.replace(/[^\x20-\x7e]/g, ' ').slice(0, 1_000) || 'unknown',
          },
          ...(isCut ? { cut: { DataType: 'String', StringValue: 'true' } } : {}),
        },
      }),
    );
  }

  private retryDelaySeconds(message: Message | undefined): number {
    if (!message || this.stopping.signal.aborted) return 0;
    return Math.min(2 ** Math.min(receiveCount(message) - 1, 10), maxRetryDelaySeconds);
  }

  private onError(err: Error): void {
    if (this.stopping.signal.aborted) return;
    this.failures += 1;
    this.options.log.warn({ err, failures: this.failures }, 'SQS does not answer as it should');
  }

  private async waitAfterFailures(): Promise<void> {
    if (this.failures === 0) return;
    const delayMs = Math.min(250 * 2 ** Math.min(this.failures, 7), 20_000);
    await this.options.clock.sleep(delayMs, this.stopping.signal);
  }
}

function readBody(text: string): unknown {
  if (Buffer.byteLength(text) > maxBodyBytes) throw new TerminalError('The body is larger than 64 KiB');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (cause) {
    throw new TerminalError('The body is not JSON', { cause });
  }
  if (!isPlainData(body)) throw new TerminalError('The body is nested too deeply or holds a key such as __proto__');
  return body;
}

function receiveCount(message: Message): number {
  return Number(message.Attributes?.ApproximateReceiveCount ?? 1);
}
