import { CST, Lexer } from 'yaml';

export interface Token {
  text: string;
  type: NonNullable<ReturnType<typeof CST.tokenType>> | 'unknown';
  offset: number;
}

/** The words and marks of a text as the parser takes them. The lexer keeps no stack, so it is safe on any input. */
export function lexemesOf(source: string): Iterable<string> {
  return new Lexer().lex(source);
}

/** Lexemes with their place. The lexer's control characters are no part of the source. */
export function* tokensOf(lexemes: Iterable<string>): Generator<Token> {
  let offset = 0;
  let isScalar = false;
  for (const text of lexemes) {
    if (!isScalar && text === CST.SCALAR) {
      isScalar = true;
      continue;
    }
    const type = isScalar ? 'scalar' : (CST.tokenType(text) ?? 'unknown');
    isScalar = false;
    yield { text, type, offset };
    if (type !== 'doc-mode' && type !== 'flow-error-end') offset += text.length;
  }
}
