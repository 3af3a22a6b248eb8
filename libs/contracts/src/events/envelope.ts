import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { z } from 'zod';

/**
 * The envelope of every message: CloudEvents 1.0 with three extensions.
 * `pushid` names one image push, `deployid` one release's way of it, `traceparent` is W3C's.
 */
export const Envelope = z.object({
  specversion: z.literal('1.0'),
  id: z.string().min(1).max(128),
  source: z.string().min(1).max(256),
  subject: z.string().min(1).max(600),
  time: z.iso.datetime({ offset: true }),
  traceparent: z
    .string()
    .regex(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/)
    .optional(),
  pushid: z.string().max(64).optional(),
  deployid: z.string().max(64).optional(),
});
export type Envelope = z.infer<typeof Envelope>;

/** A message's schema: the envelope with its type and data. */
export function eventSchema<T extends string, D extends z.ZodType>(type: T, data: D) {
  return Envelope.extend({ type: z.literal(type), datacontenttype: z.literal('application/json').optional(), data });
}

/** Hexadecimal SHA-256 of the parts, shortened to 32 characters: enough for an id, short enough for a trailer. */
export function idOf(...parts: readonly (string | number)[]): string {
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts)))).slice(0, 32);
}

/** A new trace that is the same for the same push or request, so that a repeated message joins the trace it began. */
export function traceparentOf(...parts: readonly (string | number)[]): string {
  const hash = bytesToHex(sha256(utf8ToBytes(JSON.stringify(parts))));
  return `00-${hash.slice(0, 32)}-${hash.slice(32, 48)}-01`;
}
