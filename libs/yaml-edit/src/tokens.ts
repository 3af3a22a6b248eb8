import { CST, Lexer } from 'yaml';

export type TokenType = NonNullable<ReturnType<typeof CST.tokenType>> | 'unknown';

/** The words and marks of a text as the parser takes them. The lexer keeps no stack, so it is safe on any input. */
export function lexemesOf(source: string): Iterable<string> {
  return new Lexer().lex(source);
}

/** Goes through lexemes one token at a time. The lexer's control characters are no part of the source. */
export class TokenReader {
  text = '';
  /** Where the token begins in the source. */
  offset = 0;
  /** Whether it is a scalar without quotes: its text may look like any other token. */
  isPlain = false;
  private end = 0;
  private readonly lexemes: Iterator<string>;

  constructor(lexemes: Iterable<string>) {
    this.lexemes = lexemes[Symbol.iterator]();
  }

  /** @returns false behind the last token */
  next(): boolean {
    const step = this.lexemes.next();
    if (step.done) return false;
    this.isPlain = step.value === CST.SCALAR;
    this.text = this.isPlain ? String(this.lexemes.next().value ?? '') : step.value;
    this.offset = this.end;
    if (this.isPlain || (this.text !== CST.DOCUMENT && this.text !== CST.FLOW_END)) this.end += this.text.length;
    return true;
  }

  get type(): TokenType {
    return this.isPlain ? 'scalar' : (CST.tokenType(this.text) ?? 'unknown');
  }

  get isFlowScalar(): boolean {
    return this.isPlain || this.text.startsWith('"') || this.text.startsWith("'");
  }
}
