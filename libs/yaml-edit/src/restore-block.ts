import { isMap, type Node, type YAMLMap } from 'yaml';
import { blockEntry, type BlockEntry, endOfLine, reindent } from './block-entry.js';
import { pairOf, parseFile, type ParsedFile, type ParseResult } from './parse-file.js';
import { readDocuments, textsOf } from './read-documents.js';
import { proveTexts, refuseText, splice, type Splice, type TextResult } from './text-edit.js';

export interface BlockRestore {
  document: number;
  /** A key at the top of the document, such as `spec`. */
  key: string;
  /** The version of the file whose bytes come back. */
  from: { source: string; document: number };
  /** Keys directly inside the block that stay as they are now, present or absent. */
  keep: readonly string[];
}

/** Gives one block of one document the bytes it had in another version of the file. All other bytes stay. */
export function restoreBlock(source: string, restore: BlockRestore): TextResult {
  const now = parseResolved(source);
  if (!now.ok) return now;
  const then = parseResolved(restore.from.source);
  if (!then.ok) return then;
  const current = findBlock(now.file, restore.document, restore.key);
  const earlier = findBlock(then.file, restore.from.document, restore.key);
  if (!current || !earlier || current.entry.indent !== earlier.entry.indent)
    return refuseLayout(now.file, restore, `${restore.key} is not a block on lines of its own`);
  const kept = keepEntries(restore.keep, current, earlier);
  if (!kept) return refuseLayout(now.file, restore, `${restore.keep.join(', ')} cannot be told apart from the rest`);
  const lines = splice(restore.from.source, kept).slice(earlier.entry.start, lengthAfter(earlier.entry.end, kept));
  const text = splice(source, [{ ...current.entry, text: fitEnd(source, current.entry, lines) }]);
  return proveTexts(source, text, expectedTexts({ now: now.file, then: then.file, restore }));
}

/** Parsed, with aliases known to resolve within limits. */
function parseResolved(source: string): ParseResult {
  const read = readDocuments(source);
  return read.ok ? parseFile(source) : read;
}

interface Block {
  source: string;
  entry: BlockEntry;
  value: Node | null;
}

function findBlock(file: ParsedFile, document: number, key: string): Block | undefined {
  const contents = file.documents[document]?.contents;
  const pair = isMap<Node, Node | null>(contents) && !contents.flow ? pairOf(contents, key) : undefined;
  const entry = pair && blockEntry(file.source, pair);
  return pair && entry && { source: file.source, entry, value: pair.value };
}

/** What must change in the earlier block so that it holds the kept keys as they are now; undefined where that cannot be done by lines. */
function keepEntries(keys: readonly string[], current: Block, earlier: Block): Splice[] | undefined {
  const splices: Splice[] = [];
  for (const key of keys) {
    const now = childEntry(current, key);
    const then = childEntry(earlier, key);
    if (now === 'layout' || then === 'layout') return undefined;
    if (!now && !then) continue;
    const change = keepEntry(earlier, now, then);
    if (!change) return undefined;
    splices.push(change);
  }
  return splices;
}

type Lines = { entry: BlockEntry; text: string };

function childEntry({ source, value }: Block, key: string): Lines | 'layout' | undefined {
  const pair = isMap<Node, Node | null>(value) ? pairOf(value, key) : undefined;
  if (!pair) return undefined;
  const entry = (value as YAMLMap).flow ? undefined : blockEntry(source, pair);
  return entry ? { entry, text: source.slice(entry.start, entry.end) } : 'layout';
}

function keepEntry(earlier: Block, now: Lines | undefined, then: Lines | undefined): Splice | undefined {
  if (!now) return then && { ...then.entry, text: '' };
  const indent = then?.entry.indent ?? childIndent(earlier);
  if (indent === undefined) return undefined;
  const place = then?.entry ?? { start: earlier.entry.end, end: earlier.entry.end };
  const eol = endOfLine(earlier.source);
  const before = earlier.source[place.start - 1] === '\n' ? '' : eol;
  const text = reindent(now.text, now.entry.indent, indent);
  return { start: place.start, end: place.end, text: before + (text.endsWith('\n') ? text : text + eol) };
}

function childIndent({ source, value }: Block): number | undefined {
  const first = isMap(value) && !value.flow ? value.items[0] : undefined;
  return first && blockEntry(source, first)?.indent;
}

function lengthAfter(end: number, splices: readonly Splice[]): number {
  return splices.reduce((total, { start, end: cut, text }) => total + text.length - (cut - start), end);
}

/** The block ends as the one it replaces ended: with a line break, or with the file. */
function fitEnd(source: string, { start, end }: BlockEntry, lines: string): string {
  const isOpenEnd = end === source.length && !source.slice(start, end).endsWith('\n');
  if (isOpenEnd) return lines.replace(/\r?\n$/, '');
  return lines.endsWith('\n') ? lines : lines + endOfLine(source);
}

function expectedTexts({
  now,
  then,
  restore,
}: {
  now: ParsedFile;
  then: ParsedFile;
  restore: BlockRestore;
}): unknown[] {
  return now.documents.map((document, index) => {
    const texts = textsOf(document);
    if (index !== restore.document) return texts;
    const earlier = then.documents[restore.from.document];
    const block = { ...asRecord(asRecord(earlier && textsOf(earlier))[restore.key]) };
    const current = asRecord(asRecord(texts)[restore.key]);
    for (const key of restore.keep) {
      delete block[key];
      if (Object.hasOwn(current, key)) block[key] = current[key];
    }
    return { ...asRecord(texts), [restore.key]: block };
  });
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function refuseLayout(file: ParsedFile, { document }: BlockRestore, reason: string): TextResult {
  return refuseText('layout', reason, file.position(file.documents[document]?.range[0] ?? 0));
}
