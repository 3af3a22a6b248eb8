import { isMap, type Node } from 'yaml';
import { blockEntry, endOfLine, reindent } from './block-entry.js';
import { type Block, isInBraces, keepEntries } from './keep-entries.js';
import { pairOf, type ParsedFile } from './parse-file.js';
import { readDocuments, textsOf } from './read-documents.js';
import { sharedAnchor } from './shared-anchor.js';
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

/**
 * Gives one block of one document the bytes it had in another version of the file. All other bytes stay.
 * What is kept moves into braces, or out of them, where the block changes between the two.
 */
export function restoreBlock(source: string, restore: BlockRestore): TextResult {
  const now = readDocuments(source);
  if (!now.ok) return now;
  const then = readDocuments(restore.from.source);
  if (!then.ok) return then;
  const current = findBlock(now.file, restore.document, restore.key);
  const earlier = findBlock(then.file, restore.from.document, restore.key);
  if (!current || !earlier)
    return refuseLayout(now.file, restore, `${restore.key} is not in ${current ? 'the earlier file' : 'this file'}`);
  const edit = editOf(restore, current, earlier);
  if (typeof edit === 'string') return refuseLayout(now.file, restore, edit);
  const proven = proveTexts(source, splice(source, [edit]), expectedTexts({ now: now.file, then: then.file, restore }));
  const shared = proven.ok ? undefined : sharedAnchor(restore.key, current, earlier);
  return shared ? refuseText(shared.kind, shared.reason, now.file.position(shared.offset)) : proven;
}

/** Or why there is none. */
function editOf({ key, keep }: BlockRestore, current: Block, earlier: Block): Splice | string {
  const kept = keepEntries(keep, current, earlier);
  if (!kept) return `${keep.join(', ')} cannot be told apart from the rest`;
  const edit = lineEdit(current, earlier, kept) ?? bracesEdit(key, { current, earlier, kept });
  return edit
    ? { ...edit, text: withLineEnds(edit.text, current.source) }
    : `${key} is not a block on lines of its own`;
}

/** As the file has them now, where it has but one kind. */
function withLineEnds(text: string, source: string): string {
  if (!source.includes('\n')) return text;
  if (!source.includes('\r\n')) return text.replaceAll('\r\n', '\n');
  return /(?<!\r)\n/.test(source) ? text : text.replace(/\r?\n/g, '\r\n');
}

function findBlock({ source, documents }: ParsedFile, index: number, key: string): Block | undefined {
  const document = documents[index];
  const contents = document?.contents;
  const pair = isMap<Node, Node | null>(contents) ? pairOf(contents, key) : undefined;
  if (!document || !isMap(contents) || !pair) return undefined;
  return { source, document, value: pair.value, entry: contents.flow ? undefined : blockEntry(source, pair) };
}

function lineEdit(current: Block, earlier: Block, kept: readonly Splice[]): Splice | undefined {
  if (!current.entry || !earlier.entry) return undefined;
  const { start, end, indent } = earlier.entry;
  const lines = splice(earlier.source, kept).slice(start, lengthAfter(end, kept));
  return {
    ...current.entry,
    text: fitEnd(current.source, current.entry, reindent(lines, indent, current.entry.indent)),
  };
}

/** For files that are JSON, or were: the value alone changes where it is in braces. */
function bracesEdit(
  key: string,
  { current, earlier, kept }: { current: Block; earlier: Block; kept: readonly Splice[] },
): Splice | undefined {
  const range = earlier.value?.range;
  if (!isInBraces(earlier) || !range) return undefined;
  const text = splice(earlier.source, kept).slice(range[0], lengthAfter(range[1], kept));
  if (current.entry) {
    const line = `${' '.repeat(current.entry.indent)}${key}: ${text}`;
    return { ...current.entry, text: fitEnd(current.source, current.entry, line) };
  }
  const place = isInBraces(current) ? current.value?.range : undefined;
  return place ? { start: place[0], end: place[1], text } : undefined;
}

function lengthAfter(end: number, splices: readonly Splice[]): number {
  return splices.reduce((total, { start, end: cut, text }) => total + text.length - (cut - start), end);
}

/** The block ends as the one it replaces ended: with a line break, or with the file. */
function fitEnd(source: string, { start, end }: { start: number; end: number }, lines: string): string {
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
