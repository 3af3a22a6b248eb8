import { isDeepEqual } from './deep-equal.js';
import type { Refusals } from './parse-file.js';
import { readDocuments } from './read-documents.js';
import type { Position, RefusalKind } from './refusal.js';

export type TextResult = { ok: true; text: string; isChanged: boolean } | { ok: false; refusals: Refusals };

/** Puts a text in the place of `source[start, end)`. */
export interface Splice {
  start: number;
  end: number;
  text: string;
}

/** Applies splices that do not overlap, given in any order. */
export function splice(source: string, splices: readonly Splice[]): string {
  let text = '';
  let at = 0;
  for (const { start, end, text: inserted } of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    text += source.slice(at, start) + inserted;
    at = end;
  }
  return text + source.slice(at);
}

/** Reads an edited text again: each of its documents must hold what was expected, else the edit is refused. */
export function proveTexts(source: string, text: string, expected: readonly unknown[]): TextResult {
  const after = readDocuments(text);
  const isProven =
    after.ok &&
    isDeepEqual(
      after.documents.map((document) => document.texts),
      expected,
    );
  if (isProven) return { ok: true, text, isChanged: text !== source };
  return refuseText('proof', 'The edit would change how other parts of the file are read', { line: 1, column: 1 });
}

export function refuseText(kind: RefusalKind, reason: string, at: Position): TextResult & { ok: false } {
  return { ok: false, refusals: [{ kind, reason, ...at }] };
}
