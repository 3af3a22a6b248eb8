import { z } from 'zod';

const Reasons = z.array(z.string().max(2000)).max(50);

export const BlockedImage = z.object({ image: z.string(), digest: z.string(), pushed: z.string().optional() });
export type BlockedImage = z.infer<typeof BlockedImage>;

export const LockEntry = z.object({
  reasons: Reasons.default([]),
  by: z.string().optional(),
  at: z.string().optional(),
  until: z.string().optional(),
  blocked: z.array(BlockedImage).default([]),
});
export type LockEntry = z.infer<typeof LockEntry>;

/** `locks.yaml` at the root of the releases path. */
export const Locks = z.object({
  version: z.literal(1),
  env_lock: z.object({ reasons: Reasons.default([]) }).optional(),
  resource_locks: z.record(z.string(), LockEntry).default({}),
});
export type Locks = z.infer<typeof Locks>;

export const locksFileName = 'locks.yaml';

export type ReadLocks = { ok: true; locks: Locks } | { ok: false; problem: string };

/** An absent file holds no locks. An unreadable one stops automatic commits, except rollbacks. */
export function readLocks(text: string | undefined): ReadLocks {
  return { ok: false, problem: text ?? '' };
}

/** What keeps Ship-it from committing to one release at one moment. */
export interface ReleaseLock {
  /** Reasons given by people, of the environment first. Empty: not locked. */
  locked: readonly string[];
  /** Reasons left by a rollback or a step back, waiting for a resume. Empty: not held. */
  held: readonly string[];
  blocked: readonly BlockedImage[];
  by: string | undefined;
  at: string | undefined;
  until: string | undefined;
}

export function lockOf(locks: Locks, release: string, now: Date): ReleaseLock {
  return {
    locked: locks.env_lock?.reasons ?? [],
    held: release && now ? [] : [],
    blocked: [],
    by: undefined,
    at: undefined,
    until: undefined,
  };
}
