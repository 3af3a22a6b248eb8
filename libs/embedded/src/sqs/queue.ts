import { randomUUID } from 'node:crypto';
import type { MessageAttributes } from './message-digest.js';
import type { QueueAttributes } from './queue-attributes.js';
import { messageNotInFlight, invalidParameter } from './sqs-error.js';
import { formatReceipt, parseReceipt } from './receipt.js';

export interface StoredMessage {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader?: string | undefined;
  readonly sentAt: number;
  /** The queue that it was taken from by a redrive policy. */
  readonly sourceArn?: string | undefined;
  /** Milliseconds; before it the message is delayed or in flight. */
  visibleAt: number;
  receiveCount: number;
  firstReceivedAt?: number | undefined;
}

export interface NewMessage {
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader?: string | undefined;
  readonly delaySeconds?: number | undefined;
}

export interface ReceivedMessage {
  readonly message: StoredMessage;
  readonly receiptHandle: string;
}

export interface ReceiveOptions {
  readonly max: number;
  readonly visibilitySeconds: number;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

/** One standard queue. Times are the machine's clock, in milliseconds. */
export class Queue {
  readonly messages = new Map<string, StoredMessage>();
  readonly createdAt = Date.now();
  modifiedAt = this.createdAt;
  private readonly waiting = new Set<() => void>();
  private wakeTimer: NodeJS.Timeout | undefined;
  private isClosed = false;

  constructor(
    readonly name: string,
    readonly arn: string,
    public attributes: QueueAttributes,
    private readonly onDeadLetter: (message: StoredMessage, from: Queue) => boolean,
  ) {}

  send(message: NewMessage): StoredMessage {
    const now = Date.now();
    const stored: StoredMessage = {
      id: randomUUID(),
      body: message.body,
      attributes: message.attributes,
      traceHeader: message.traceHeader,
      sentAt: now,
      visibleAt: now + (message.delaySeconds ?? this.attributes.DelaySeconds) * 1000,
      receiveCount: 0,
    };
    this.put(stored);
    return stored;
  }

  put(message: StoredMessage): void {
    this.messages.set(message.id, message);
    this.wake();
  }

  /** Waits for the first message until `waitSeconds` are over or the signal is aborted. */
  async receive(options: ReceiveOptions): Promise<ReceivedMessage[]> {
    const deadline = Date.now() + options.waitSeconds * 1000;
    for (;;) {
      if (options.signal.aborted || this.isClosed) return [];
      const taken = this.take(options);
      const left = deadline - Date.now();
      if (taken.length > 0 || left <= 0) return taken;
      await this.nextChange(left, options.signal);
    }
  }

  /** Deleting what is gone already, or by an outdated handle, is fine and does nothing. */
  delete(receiptHandle: string): void {
    const receipt = parseReceipt(receiptHandle, this.name);
    const message = this.messages.get(receipt.messageId);
    if (message?.receiveCount === receipt.receiveCount) this.messages.delete(message.id);
  }

  changeVisibility(receiptHandle: string, seconds: number): void {
    const receipt = parseReceipt(receiptHandle, this.name);
    const message = this.messages.get(receipt.messageId);
    if (!message) {
      const reason = 'Message does not exist or is not available for visibility timeout change.';
      throw invalidParameter(`Value ${receiptHandle} for parameter ReceiptHandle is invalid. Reason: ${reason}`);
    }
    if (message.receiveCount !== receipt.receiveCount || message.visibleAt <= Date.now()) throw messageNotInFlight();
    message.visibleAt = Date.now() + seconds * 1000;
    this.wake();
  }

  count(): { visible: number; inFlight: number; delayed: number } {
    this.dropExpired();
    const now = Date.now();
    const counts = { visible: 0, inFlight: 0, delayed: 0 };
    for (const message of this.messages.values()) {
      if (message.visibleAt <= now) counts.visible += 1;
      else if (message.receiveCount > 0) counts.inFlight += 1;
      else counts.delayed += 1;
    }
    return counts;
  }

  /** Ends every long poll with nothing. */
  close(): void {
    this.isClosed = true;
    clearTimeout(this.wakeTimer);
    this.messages.clear();
    this.wake();
  }

  private take(options: ReceiveOptions): ReceivedMessage[] {
    this.dropExpired();
    const now = Date.now();
    const taken: ReceivedMessage[] = [];
    for (const message of this.messages.values()) {
      if (taken.length === options.max) break;
      if (message.visibleAt > now || this.isDeadLettered(message)) continue;
      message.receiveCount += 1;
      message.firstReceivedAt ??= now;
      message.visibleAt = now + options.visibilitySeconds * 1000;
      const receiptHandle = formatReceipt({
        queue: this.name,
        messageId: message.id,
        receiveCount: message.receiveCount,
      });
      taken.push({ message: { ...message }, receiptHandle });
    }
    return taken;
  }

  private isDeadLettered(message: StoredMessage): boolean {
    const { redrive } = this.attributes;
    if (!redrive || message.receiveCount < redrive.maxReceiveCount || !this.onDeadLetter(message, this)) return false;
    this.messages.delete(message.id);
    return true;
  }

  private dropExpired(): void {
    const oldest = Date.now() - this.attributes.MessageRetentionPeriod * 1000;
    for (const message of this.messages.values()) {
      if (message.sentAt < oldest) this.messages.delete(message.id);
    }
  }

  private nextChange(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', done);
      this.waiting.add(done);
      this.armTimer();
    });
  }

  private wake(): void {
    for (const done of [...this.waiting]) done();
  }

  /** Wakes the pollers when the next hidden message becomes visible. */
  private armTimer(): void {
    const now = Date.now();
    let next = Infinity;
    for (const message of this.messages.values()) {
      if (message.visibleAt > now) next = Math.min(next, message.visibleAt);
    }
    clearTimeout(this.wakeTimer);
    if (next === Infinity) return;
    this.wakeTimer = setTimeout(() => this.wake(), Math.min(next - now + 1, 60_000));
    this.wakeTimer.unref();
  }
}
