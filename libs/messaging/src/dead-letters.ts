/** A message that was given up, and why. */
export interface DeadLetter {
  /** The queue it lay in. */
  queue: string;
  id: string;
  type: string;
  subject: string;
  reason: string;
  attempts: number;
  failedAt: string;
  /** The message as it came. */
  body: unknown;
}

/** Messages that were given up: to be seen, tried again or dropped by people. */
export abstract class DeadLetters {
  /** Newest first. */
  abstract list(limit: number): Promise<DeadLetter[]>;
  /** Puts the message back into its queue. False where there is no such dead letter (any more). */
  abstract retry(queue: string, id: string): Promise<boolean>;
  /** Forgets the message. False where there is no such dead letter (any more). */
  abstract drop(queue: string, id: string): Promise<boolean>;
}
