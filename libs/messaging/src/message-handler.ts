import type { Log } from '@shipit/platform';
import type { z } from 'zod';

export interface MessageContext {
  /** Bears message id, type, deploy id, push id and trace id on every line. */
  log: Log;
  /** Aborted when the process stops or the message was given to somebody else. */
  signal: AbortSignal;
  /** 1 the first time. */
  attempt: number;
}

/**
 * Handles messages of one schema. Found by its class among a service's providers and called directly.
 *
 * A message is a hint: it may come twice, late, or after a half-finished attempt. Returning is the acknowledgement;
 * TerminalError makes it a dead letter at once; anything else thrown makes it come again later.
 */
export abstract class MessageHandler<S extends z.ZodType = z.ZodType> {
  abstract readonly schema: S;
  abstract handle(message: z.output<S>, context: MessageContext): Promise<void>;
}
