import { type Position, readDocuments, type YamlDocument } from '@shipit/yaml-edit';
import { z } from 'zod';

const Reason = z.string().max(2000);
const Text = z.string().max(600);
/** A key without a value says nothing. */
const OptionalText = Text.nullish()
  .transform((text) => text ?? undefined)
  .optional();

/** People write one reason as a text, too. A lock is its reasons: without any there is none. */
const Reasons = z
  .union([z.array(Reason.nullable()).max(50), Reason.transform((reason) => [reason])])
  .nullish()
  .transform((reasons) => (reasons ?? []).filter((reason) => reason !== null && reason.trim() !== '') as string[]);

/** An image that must not come back to a release. `pushed` is when its tag was pushed: only what came later may follow it. */
export const BlockedImage = z.object({ image: Text, digest: Text, pushed: OptionalText });
export type BlockedImage = z.infer<typeof BlockedImage>;

export const LockEntry = z.object({
  reasons: Reasons,
  by: OptionalText,
  at: OptionalText,
  until: OptionalText,
  blocked: z
    .array(BlockedImage)
    .max(100)
    .nullish()
    .transform((blocked) => blocked ?? []),
});
export type LockEntry = z.infer<typeof LockEntry>;

/** `locks.yaml` at the root of the releases path. */
export const Locks = z.object({
  version: z.literal(1).default(1),
  env_lock: z.object({ reasons: Reasons }).nullish(),
  resource_locks: z
    .record(
      z.string(),
      LockEntry.nullable().transform((entry) => entry ?? LockEntry.parse({})),
    )
    .nullish()
    .transform((entries) => entries ?? {}),
});
export type Locks = z.infer<typeof Locks>;

export const locksFileName = 'locks.yaml';

/** `problem` is the reason with its place. */
export type ReadLocks = { ok: true; locks: Locks } | ({ ok: false; problem: string; reason: string } & Position);

/** An absent file holds no locks. An unreadable one stops automatic commits, except rollbacks. */
export function readLocks(text: string | undefined): ReadLocks {
  const read = readDocuments(text ?? '');
  if (!read.ok) {
    const { reason, ...position } = read.refusals[0];
    return unreadable(reason, position);
  }
  const [document, ...others] = read.documents;
  if (others[0]) return unreadable('The file holds more than one document', others[0].positionOf([]));
  const parsed = Locks.safeParse(document?.value ?? {});
  return parsed.success ? { ok: true, locks: parsed.data } : wrong(parsed.error, document);
}

function wrong(error: z.ZodError, document: YamlDocument | undefined): ReadLocks {
  const [issue] = error.issues;
  const path = (issue?.path ?? []).map((step) => (typeof step === 'symbol' ? String(step) : step));
  return unreadable(
    `${path.join('.') || 'locks'}: ${issue?.message}`,
    document?.positionOf(path) ?? { line: 1, column: 1 },
  );
}

function unreadable(reason: string, { line, column }: Position): ReadLocks {
  return { ok: false, problem: `${locksFileName}:${line}:${column}: ${reason}`, reason, line, column };
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

/** A hold's reason begins so: that tells it from a lock by people in the same list. */
export const holdPrefix = 'Hold: ';

export function isHold(reason: string): boolean {
  return reason.startsWith(holdPrefix);
}

/** Locks end at their `until`; holds and blocks end by a resume only. An `until` that is no time never comes. */
export function lockOf(locks: Locks, release: string, now: Date): ReleaseLock {
  const entry = entryOf(locks, release);
  const { reasons = [], blocked = [], by, at, until } = entry ?? {};
  const isOver = until !== undefined && Date.parse(until) <= now.getTime();
  return {
    locked: [...(locks.env_lock?.reasons ?? []), ...(isOver ? [] : reasons.filter((reason) => !isHold(reason)))],
    held: reasons.filter(isHold).map((reason) => reason.slice(holdPrefix.length).trim()),
    blocked,
    by,
    at,
    until,
  };
}

export function entryOf(locks: Locks, release: string): LockEntry | undefined {
  return Object.hasOwn(locks.resource_locks, release) ? locks.resource_locks[release] : undefined;
}
