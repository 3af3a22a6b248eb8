import { CST } from 'yaml';
import { isTooLong } from './check-limits.js';
import type { ParsedFile } from './parse-file.js';
import { isStringEverywhere } from './scalar-text.js';
import { lexemesOf, type Token, tokensOf } from './tokens.js';

/** A scalar that was given another text. */
export interface SetScalar {
  /** Where it stands in the file as it was. */
  start: number;
  text: string;
  value: string;
}

/**
 * Reads an edited text again: its tokens must be those of the file as it was, but for these scalars, which must read as their
 * values everywhere. The parser sees nothing but tokens, so the same ones are the same documents, keys, comments and values.
 * @param scalars at least one, in their order
 * @returns the scalar whose text would change how the file is read, if there is one
 */
export function disprove<S extends SetScalar>(file: ParsedFile, text: string, scalars: readonly S[]): S | undefined {
  const waiting = [...scalars];
  let last = scalars[0];
  const after = tokensOf(isTooLong(text) ? [] : lexemesOf(text));
  for (const before of tokensOf(file.lexemes)) {
    const set = isScalarAt(before, waiting[0]) ? waiting.shift() : undefined;
    last = set ?? last;
    const now = after.next() as IteratorResult<Token, undefined>;
    if (now.done || !isAsExpected(now.value, before, set)) return last;
  }
  return waiting[0] ?? (after.next().done ? undefined : last);
}

function isScalarAt(token: Token, scalar: SetScalar | undefined): boolean {
  return token.offset === scalar?.start && isFlowScalar(token);
}

function isAsExpected(now: Token, before: Token, set: SetScalar | undefined): boolean {
  return set ? readsAs(now, set) : now.type === before.type && now.text === before.text;
}

function isFlowScalar({ type }: Token): boolean {
  return type === 'scalar' || type === 'single-quoted-scalar' || type === 'double-quoted-scalar';
}

function readsAs(token: Token, { text, value }: SetScalar): boolean {
  if (token.text !== text || !isFlowScalar(token)) return false;
  let isWrong = token.type === 'scalar' && !isStringEverywhere(text);
  const scalar = { type: token.type, offset: 0, indent: 0, source: text } as CST.FlowScalar;
  const read = CST.resolveAsScalar(scalar, true, () => (isWrong = true));
  return !isWrong && read?.value === value;
}
