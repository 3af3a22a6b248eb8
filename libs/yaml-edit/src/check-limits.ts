import { CST, Lexer } from 'yaml';
import type { Position, Refusal } from './refusal.js';

/** Tokens: 1 MiB of manifests has under 200,000; many more would keep the parser busy for seconds. */
export const limits = { bytes: 1024 * 1024, depth: 64, aliases: 50, documents: 1000, tokens: 300_000 } as const;

/**
 * Looks at the tokens of untrusted text before it is parsed: parsing something deep twice can end the whole process.
 * The lexer keeps no stack, so it is safe on any input. Templates are found here too, because they parse as maps.
 */
export function checkLimits(source: string): Refusal | undefined {
  if (source.length * 3 > limits.bytes && utf8Length(source) > limits.bytes)
    return refuse(source, 0, 'limits', `The file is over ${limits.bytes} bytes`);
  const carriageReturn = source.search(/\r(?!\n)/);
  if (carriageReturn >= 0)
    return refuse(source, carriageReturn, 'syntax', 'A carriage return without a line feed: readers disagree on it');
  return isSmall(source) ? undefined : checkTokens(source);
}

function checkTokens(source: string): Refusal | undefined {
  const nesting = new Nesting();
  const counts = { aliases: 0, starts: 0, ends: 0, tokens: 0 };
  for (const { text, type, offset } of tokens(source)) {
    if (isTemplate(source, text, offset))
      return refuse(source, offset, 'template', 'The file is a template: it is not edited');
    counts.tokens += 1;
    if (type === 'alias') counts.aliases += 1;
    if (type === 'doc-start') counts.starts += 1;
    if (type === 'doc-end') counts.ends += 1;
    nesting.see(type, text, offset);
    const problem = overLimit(nesting.depth, counts);
    if (problem) return refuse(source, offset, 'limits', problem);
  }
  return undefined;
}

/**
 * Whether a rough look shows that no limit is near, so that the tokens need not be read: most files are small.
 * At most two block collections begin in one column, and each beyond a line's indentation needs an indicator on that line.
 */
function isSmall(source: string): boolean {
  if (source.length > limits.tokens / 2 || count(source, /\*|^(?:---|\.\.\.)/gm) > limits.aliases) return false;
  if (/\{[{%]/.test(source)) return false;
  const brackets = count(source, /[[{]/g);
  return source.split('\n').every((line) => {
    const indentation = line.search(/[^ ]|$/);
    return 2 * (indentation + 1 + count(line, /[-?:](?=\s|$)/g)) + brackets <= limits.depth;
  });
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
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

type TokenType = NonNullable<ReturnType<typeof CST.tokenType>>;

/** The lexer's tokens with their place. Its control characters are no part of the source. */
function* tokens(source: string): Generator<{ text: string; type: TokenType; offset: number }> {
  let offset = 0;
  let isScalar = false;
  for (const text of new Lexer().lex(source)) {
    if (!isScalar && text === CST.SCALAR) {
      isScalar = true;
      continue;
    }
    const type = isScalar ? 'scalar' : CST.tokenType(text);
    isScalar = false;
    if (type) yield { text, type, offset };
    if (type !== 'doc-mode' && type !== 'flow-error-end') offset += text.length;
  }
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

  see(type: TokenType, text: string, offset: number): void {
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

function isTemplate(source: string, text: string, offset: number): boolean {
  return text === '{' && (source[offset + 1] === '{' || source[offset + 1] === '%');
}

function overLimit(
  depth: number,
  counts: { aliases: number; starts: number; ends: number; tokens: number },
): string | undefined {
  if (depth > limits.depth) return `The file is nested over ${limits.depth} deep`;
  if (counts.aliases > limits.aliases) return `The file has over ${limits.aliases} aliases`;
  if (Math.max(counts.starts, counts.ends) > limits.documents) return `The file has over ${limits.documents} documents`;
  if (counts.tokens > limits.tokens) return `The file has over ${limits.tokens} words and marks`;
  return undefined;
}

function utf8Length(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
  }
  return length;
}

function refuse(source: string, offset: number, kind: Refusal['kind'], reason: string): Refusal {
  return { kind, reason, ...positionAt(source, offset) };
}
