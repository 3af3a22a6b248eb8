import { CST } from 'yaml';
import { isTooLong } from './check-limits.js';
import type { ParsedFile } from './parse-file.js';
import { isStringEverywhere } from './scalar-text.js';
import { lexemesOf, TokenReader } from './tokens.js';

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
  const before = new TokenReader(file.lexemes);
  const now = new TokenReader(isTooLong(text) ? [] : lexemesOf(text));
  while (before.next()) {
    const set = isScalarAt(before, waiting[0]) ? waiting.shift() : undefined;
    last = set ?? last;
    if (!now.next() || !isAsExpected(now, before, set)) return last;
  }
  return waiting[0] ?? (now.next() ? last : undefined);
}

function isScalarAt(token: TokenReader, scalar: SetScalar | undefined): boolean {
  return token.offset === scalar?.start && token.isFlowScalar;
}

function isAsExpected(now: TokenReader, before: TokenReader, set: SetScalar | undefined): boolean {
  return set ? readsAs(now, set) : now.text === before.text && now.isPlain === before.isPlain;
}

function readsAs(token: TokenReader, { text, value }: SetScalar): boolean {
  if (token.text !== text || !token.isFlowScalar) return false;
  let isWrong = token.isPlain && !isStringEverywhere(text);
  const scalar = { type: token.type, offset: 0, indent: 0, source: text } as CST.FlowScalar;
  const read = CST.resolveAsScalar(scalar, true, () => (isWrong = true));
  return !isWrong && read?.value === value;
}
