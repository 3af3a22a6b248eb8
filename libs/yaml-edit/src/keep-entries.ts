import { type Document, isAlias, isMap, isScalar, isSeq, type Node, stringify } from 'yaml';
import { blockEntry, type BlockEntry, endOfLine, reindent } from './block-entry.js';
import { changeFlow, type FlowMap } from './flow-entry.js';
import { pairOf } from './parse-file.js';
import type { Splice } from './text-edit.js';

/** One value at the top of a document, with the text in which it stands. */
export interface Block {
  source: string;
  document: Document.Parsed;
  value: Node | null;
  /** Its key and value, where they have lines of their own. */
  entry: BlockEntry | undefined;
}

/**
 * What must change in the earlier block so that it holds these keys as they are now, present or absent. Lines stay lines,
 * braces stay braces. Undefined where neither can be done.
 */
export function keepEntries(keys: readonly string[], current: Block, earlier: Block): Splice[] | undefined {
  if (isInBraces(earlier)) return keepInBraces(keys, current, earlier.value as FlowMap);
  const splices: Splice[] = [];
  for (const key of keys) {
    const [now, then] = [entryOf(current, key), entryOf(earlier, key)];
    if (!now && !then) continue;
    const change = keepLines({ current, earlier, now, then });
    if (!change) return undefined;
    splices.push(change);
  }
  return splices;
}

type Entry = FlowMap['items'][number];

export function isInBraces({ value }: Block): boolean {
  return isMap(value) && value.flow === true;
}

function entryOf({ value }: Block, key: string): Entry | undefined {
  return isMap<Node, Node | null>(value) ? pairOf(value, key) : undefined;
}

interface Keeping {
  current: Block;
  earlier: Block;
  now: Entry | undefined;
}

function keepInBraces(keys: readonly string[], current: Block, map: FlowMap): Splice[] | undefined {
  const set = new Map<string, { name: string; value: string }>();
  for (const key of keys) {
    const now = entryOf(current, key);
    if (now) set.set(key, { name: textOf(current, now.key), value: inBraces(current, now.value) });
  }
  return changeFlow(map, { set, remove: new Set(keys.filter((key) => !set.has(key))) });
}

function keepLines({ current, earlier, now, then }: Keeping & { then: Entry | undefined }): Splice | undefined {
  const place = then ? commentedEntry(earlier, then) : endOf(earlier);
  if (!now || !place) return place && { ...place, text: '' };
  const text = linesOf(current, now, place.indent);
  const eol = endOfLine(earlier.source);
  const before = earlier.source[place.start - 1] === '\n' ? '' : eol;
  return text === undefined ? undefined : { ...place, text: before + (text.endsWith('\n') ? text : text + eol) };
}

function endOf(block: Block): BlockEntry | undefined {
  const [indent, end] = [childIndent(block), block.entry?.end];
  return indent === undefined || end === undefined ? undefined : { start: end, end, indent };
}

function childIndent({ source, value }: Block): number | undefined {
  const first = isMap(value) ? value.items[0] : undefined;
  return first && blockEntry(source, first)?.indent;
}

/** The lines of an entry, or from braces its text on a line of its own. */
function linesOf(block: Block, pair: Entry, indent: number): string | undefined {
  if (isInBraces(block)) return `${' '.repeat(indent)}${textOf(block, pair.key)}: ${textOf(block, pair.value)}`;
  const entry = commentedEntry(block, pair);
  return entry && reindent(block.source.slice(entry.start, entry.end), entry.indent, indent);
}

/** With the comments behind it that are indented as what is in it, as far as the block goes. */
function commentedEntry(block: Block, pair: Entry): BlockEntry | undefined {
  const entry = blockEntry(block.source, pair);
  if (!entry) return undefined;
  const comment = new RegExp(`(?:[ \\t]*\\r?\\n)* {${entry.indent + 1},}#[^\\n]*(?:\\n|$)`, 'y');
  let { end } = entry;
  for (comment.lastIndex = end; comment.test(block.source);) end = comment.lastIndex;
  return { ...entry, end: Math.max(entry.end, Math.min(end, block.entry?.end ?? end)) };
}

function textOf({ source }: Block, node: Node | null): string {
  return node?.range ? source.slice(node.range[0], node.range[1]) : '';
}

/** The text itself where it can stand in braces, else the same value written anew. */
function inBraces(block: Block, node: Node | null): string {
  const isFlow = (isMap(node) || isSeq(node)) && node.flow === true;
  const isOneLine = isScalar(node) && !/[\n,[\]{}]|^[|>]/.test(textOf(block, node));
  if (isFlow || isOneLine) return textOf(block, node);
  const value: unknown =
    node === null
      ? null
      : isAlias(node)
        ? node.resolve(block.document)?.toJS(block.document)
        : node.toJS(block.document);
  return stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
  }).trimEnd();
}
