import { type PlainValue, removeEntry, setEntry, type TextResult } from '@shipit/yaml-edit';
import { type BlockedImage, entryOf, holdPrefix, isHold, type LockEntry, readLocks } from './locks.js';

export interface LockAuthor {
  reason: string;
  by: string;
  /** ISO 8601. */
  at: string;
}

/*
 * Each takes the text of locks.yaml (undefined: no such file), changes one release's entry and keeps every other byte.
 * Doing it again changes nothing.
 */

export function withLock(
  text: string | undefined,
  release: string,
  { reason, by, at, until }: LockAuthor & { until?: string | undefined },
): TextResult {
  return changeEntry(text, release, (entry) => {
    if (entry.reasons.includes(lockReason(reason)) && entry.until === until) return entry;
    return { ...entry, reasons: added(entry.reasons, lockReason(reason)), by, at, until };
  });
}

/** Takes away what people locked; holds and blocks stay. */
export function withoutLock(text: string | undefined, release: string): TextResult {
  return changeEntry(text, release, (entry) => ({ ...entry, reasons: entry.reasons.filter(isHold), until: undefined }));
}

export function withHold(text: string | undefined, release: string, { reason, by, at }: LockAuthor): TextResult {
  const held = holdPrefix + oneLine(reason);
  return changeEntry(text, release, (entry) =>
    entry.reasons.includes(held) ? entry : { ...entry, reasons: added(entry.reasons, held), by, at },
  );
}

/** Resume: takes away holds and blocks; locks by people stay. */
export function withoutHold(text: string | undefined, release: string): TextResult {
  return changeEntry(text, release, (entry) => ({
    ...entry,
    reasons: entry.reasons.filter((reason) => !isHold(reason)),
    blocked: [],
  }));
}

/** Forbids images by digest for one release, until a resume. */
export function withBlock(text: string | undefined, release: string, images: readonly BlockedImage[]): TextResult {
  return changeEntry(text, release, (entry) => {
    const known = new Set(entry.blocked.map(({ digest }) => digest));
    return { ...entry, blocked: [...entry.blocked, ...images.filter(({ digest }) => !known.has(digest))] };
  });
}

type Entry = { [field in keyof LockEntry]: LockEntry[field] | undefined } & Pick<LockEntry, 'reasons' | 'blocked'>;

function changeEntry(text = '', release: string, change: (entry: Entry) => Entry): TextResult {
  const read = readLocks(text);
  if (!read.ok) {
    const { reason, line, column } = read;
    return { ok: false, refusals: [{ kind: 'syntax', reason, line, column }] };
  }
  const before = entryOf(read.locks, release);
  const after = change(before ?? { reasons: [], by: undefined, at: undefined, until: undefined, blocked: [] });
  const path = ['resource_locks', release];
  const isGone = after.reasons.length === 0 && after.blocked.length === 0;
  if (isGone) return removeEntry(text, path);
  return before ? changeFields(text, path, { before, after }) : createEntry(text, path, after);
}

function createEntry(text: string, path: string[], entry: Entry): TextResult {
  const versioned: TextResult =
    text.trim() === '' ? setEntry(text, ['version'], 1) : { ok: true, text, isChanged: false };
  return versioned.ok ? setEntry(versioned.text, path, present(entry)) : versioned;
}

/** Field by field, so that comments and fields of others in the entry stay. */
function changeFields(text: string, path: string[], { before, after }: { before: Entry; after: Entry }): TextResult {
  const fields = ['reasons', 'by', 'at', 'until', 'blocked'] as const;
  let result: TextResult = { ok: true, text, isChanged: false };
  for (const field of fields) {
    if (!result.ok || JSON.stringify(before[field]) === JSON.stringify(after[field])) continue;
    const value: PlainValue | undefined = present(after)[field];
    result =
      value === undefined ? removeEntry(result.text, [...path, field]) : setEntry(result.text, [...path, field], value);
  }
  return result.ok ? { ...result, isChanged: result.text !== text } : result;
}

function present(entry: Entry): Record<string, PlainValue> {
  const isPresent = (value: unknown) => value !== undefined && !(Array.isArray(value) && value.length === 0);
  return JSON.parse(
    JSON.stringify(Object.fromEntries(Object.entries(entry).filter(([, value]) => isPresent(value)))),
  ) as Record<string, PlainValue>;
}

function added(reasons: readonly string[], reason: string): string[] {
  return reasons.includes(reason) ? [...reasons] : [...reasons, reason];
}

/** A lock by people must not look like a hold. */
function lockReason(reason: string): string {
  const line = oneLine(reason);
  return isHold(line) ? `Lock: ${line}` : line;
}

function oneLine(text: string): string {
  return (
    text
      .replace(/[\s\p{C}]+/gu, ' ')
      .trim()
      .slice(0, 1500) || 'no reason given'
  );
}
