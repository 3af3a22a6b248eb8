import type { Position, Refusal } from './refusal.js';
import { lexemesOf, TokenReader, type TokenType } from './tokens.js';

/** Tokens: 1 MiB of manifests has under 200,000; many more would keep the parser busy for seconds. */
export const limits = { bytes: 1024 * 1024, depth: 64, aliases: 50, documents: 1000, tokens: 300_000 } as const;

export type Lexed = { ok: true; lexemes: readonly string[] } | { ok: false; refusal: Refusal };

/**
 * Looks at the tokens of untrusted text before it is parsed: parsing something deep twice can end the whole process.
 * Templates are found here too, because they parse as maps. What was read is handed on, so that the parser need not do it again.
 */
export function lexWithinLimits(source: string): Lexed {
  if (isTooLong(source)) return refuse(source, 0, 'limits', `The file is over ${limits.bytes} bytes`);
  const carriageReturn = source.search(/\r(?!\n)/);
  if (carriageReturn >= 0)
    return refuse(source, carriageReturn, 'syntax', 'A carriage return without a line feed: readers disagree on it');
  const lexemes: string[] = [];
  if (isSurelySmall(source)) lexemes.push(...lexemesOf(source));
  else {
    const problem = findProblem(source, new TokenReader(kept(lexemesOf(source), lexemes)));
    if (problem) return problem;
  }
  return { ok: true, lexemes };
}

function findProblem(source: string, token: TokenReader): Lexed | undefined {
  const watch = new Watch();
  while (token.next()) {
    if (isTemplate(source, token))
      return refuse(source, token.offset, 'template', 'The file is a template: it is not edited');
    const problem = watch.see(token);
    if (problem) return refuse(source, token.offset, 'limits', problem);
  }
  return undefined;
}

/**
 * Whether a rough look shows that no limit is near, so that each token need not be looked at: most files are small.
 * At most two block collections begin in one column, and each beyond a line's indentation needs an indicator on that line.
 */
function isSurelySmall(source: string): boolean {
  if (source.length > 16_384 || /\{[{%]/.test(source) || count(source, /\*|^(?:---|\.\.\.)/gm) > limits.aliases)
    return false;
  const brackets = count(source, /[[{]/g);
  return source.split('\n').every((line) => {
    const indentation = line.search(/[^ ]|$/);
    return 2 * (indentation + 1 + count(line, /[-?:](?=\s|$)/g)) + brackets <= limits.depth;
  });
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

export function isTooLong(source: string): boolean {
  return source.length * 3 > limits.bytes && utf8Length(source) > limits.bytes;
}

function* kept(lexemes: Iterable<string>, into: string[]): Generator<string> {
  for (const lexeme of lexemes) {
    into.push(lexeme);
    yield lexeme;
  }
}

/** Counts what has a limit. */
class Watch {
  private readonly nesting = new Nesting();
  private aliases = 0;
  private starts = 0;
  private ends = 0;
  private tokens = 0;

  /** @returns which limit the file is over with this token */
  see(token: TokenReader): string | undefined {
    this.tokens += 1;
    const { type } = token;
    if (type === 'alias') this.aliases += 1;
    else if (type === 'doc-start') this.starts += 1;
    else if (type === 'doc-end') this.ends += 1;
    this.nesting.see(type, token);
    if (this.nesting.depth > limits.depth) return `The file is nested over ${limits.depth} deep`;
    if (this.aliases > limits.aliases) return `The file has over ${limits.aliases} aliases`;
    if (Math.max(this.starts, this.ends) > limits.documents) return `The file has over ${limits.documents} documents`;
    return this.tokens > limits.tokens ? `The file has over ${limits.tokens} words and marks` : undefined;
  }
}

/** One-based line and column of an offset. */
export function positionAt(source: string, offset: number): Position {
  let line = 1;
  let start = 0;
  for (let end = source.indexOf('\n'); end >= 0 && end < offset; end = source.indexOf('\n', start)) {
    line += 1;
    start = end + 1;
  }
  return { line, column: offset - start + 1 };
}

/** How deep the text is nested, from the columns of block collections and the brackets of flow collections. Never too low. */
class Nesting {
  private readonly blocks: { column: number; isSequence: boolean }[] = [];
  private flows = 0;
  private lineStart = 0;
  /** Where the content behind the last line break or indicator begins: the column of a key, if a colon follows. */
  private contentStart: number | undefined;

  get depth(): number {
    return this.blocks.length + this.flows;
  }

  see(type: TokenType, { text, offset }: TokenReader): void {
    if (type === 'flow-map-start' || type === 'flow-seq-start') this.flows += 1;
    if (type === 'flow-map-end' || type === 'flow-seq-end') this.flows = Math.max(0, this.flows - 1);
    if (type === 'flow-error-end') this.flows = 0;
    if (type === 'doc-start' || type === 'doc-end') this.blocks.length = 0;
    if (this.flows === 0) this.seeBlock(type, offset);
    const lastBreak = text.lastIndexOf('\n');
    if (lastBreak < 0) return;
    this.lineStart = offset + lastBreak + 1;
    this.contentStart = undefined;
  }

  private seeBlock(type: TokenType, offset: number): void {
    if (type === 'space' || type === 'newline' || type === 'comment') return;
    if (type === 'seq-item-ind') this.open(offset, true);
    else if (type === 'explicit-key-ind') this.open(offset, false);
    else if (type === 'map-value-ind') this.open(this.contentStart ?? offset, false);
    else this.contentStart ??= offset;
    if (type.endsWith('-ind')) this.contentStart = undefined;
  }

  private open(offset: number, isSequence: boolean): void {
    const column = offset - this.lineStart;
    while ((this.blocks.at(-1)?.column ?? -1) > column) this.blocks.pop();
    const isOpen = this.blocks.some((block) => block.column === column && block.isSequence === isSequence);
    if (!isOpen) this.blocks.push({ column, isSequence });
  }
}

function isTemplate(source: string, { text, offset }: TokenReader): boolean {
  return text === '{' && (source[offset + 1] === '{' || source[offset + 1] === '%');
}

function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return length;
}

function refuse(source: string, offset: number, kind: Refusal['kind'], reason: string): Lexed {
  return { ok: false, refusal: { kind, reason, ...positionAt(source, offset) } };
}
