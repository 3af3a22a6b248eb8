import { isCollection, isScalar, type Node } from 'yaml';
import { childrenOf } from './parse-file.js';

/** The whole lines that one entry of a block map takes, its own comment behind the value included. */
export interface BlockEntry {
  start: number;
  end: number;
  /** Columns before the key. */
  indent: number;
}

/** The lines of an entry; undefined where other content shares them (`- key:`, `? key`, `--- key:`, flow maps, anchors on keys). */
export function blockEntry(source: string, pair: { key: unknown; value: unknown }): BlockEntry | undefined {
  const keyStart = (pair.key as Node | null)?.range?.[0];
  if (keyStart === undefined) return undefined;
  const start = Math.max(source.lastIndexOf('\n', keyStart - 1) + 1, source.startsWith('\ufeff') ? 1 : 0);
  if (!/^ *$/.test(source.slice(start, keyStart))) return undefined;
  const contentEnd = Math.max(endOf(source, pair.value), endOf(source, pair.key));
  return { start, end: lineEnd(source, contentEnd), indent: keyStart - start };
}

/** The end of what belongs to a value: neither comments nor blank lines after it. An absent value has no bytes and may stand far behind its key. */
function endOf(source: string, node: unknown): number {
  const [start, end] = (node as Node | null)?.range ?? [0, 0];
  if (isCollection(node) && !node.flow)
    return childrenOf(node)
      .slice(-2)
      .reduce<number>((last, child) => Math.max(last, endOf(source, child)), start);
  if (isScalar(node) && node.type?.startsWith('BLOCK_')) return blockTextEnd(source, start, end);
  return source.slice(start, end).trim() === '' ? 0 : end;
}

/** Blank lines behind a block of text belong to it only where it says so (`|+`). */
function blockTextEnd(source: string, start: number, end: number): number {
  const header = source.slice(start, source.indexOf('\n', start));
  return /^[|>][0-9]?\+/.test(header) ? end : start + source.slice(start, end).trimEnd().length;
}

function lineEnd(source: string, offset: number): number {
  if (offset > 0 && source[offset - 1] === '\n') return offset;
  const end = source.indexOf('\n', offset);
  return end < 0 ? source.length : end + 1;
}

/** Moves lines to another indentation. Blank lines stay as they are. */
export function reindent(lines: string, from: number, to: number): string {
  if (from === to) return lines;
  const cut = new RegExp(`^ {0,${from}}(?=[^\\r\\n])`, 'gm');
  return lines.replace(cut, ' '.repeat(to));
}

export function endOfLine(source: string): '\r\n' | '\n' {
  return source.includes('\r\n') ? '\r\n' : '\n';
}
