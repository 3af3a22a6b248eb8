import { randomBytes } from 'node:crypto';
import { receiptHandleIsInvalid } from './sqs-error.js';

/** Which receipt of which message: holds everything, so handles outlive a restart. */
export interface Receipt {
  readonly queue: string;
  readonly messageId: string;
  readonly receiveCount: number;
}

export function formatReceipt({ queue, messageId, receiveCount }: Receipt): string {
  return Buffer.from(`${queue} ${messageId} ${receiveCount} ${randomBytes(24).toString('hex')}`).toString('base64');
}

/** @throws ReceiptHandleIsInvalid for what was never a handle of this queue */
export function parseReceipt(handle: string, queue: string): Receipt {
  const match = /^(\S+) ([0-9a-f-]{36}) (\d{1,9}) [0-9a-f]{48}$/.exec(Buffer.from(handle, 'base64').toString('utf8'));
  if (match?.[1] !== queue) throw receiptHandleIsInvalid(handle);
  return { queue, messageId: match[2] as string, receiveCount: Number(match[3]) };
}
