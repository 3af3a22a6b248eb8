import { isMap, type Node, stringify, type YAMLMap } from 'yaml';
import { type BlockEntry, blockEntry, endOfLine } from './block-entry.js';
import { isDeepEqual } from './deep-equal.js';
import { changeFlow } from './flow-entry.js';
import { pairOf, parseFile, type ParsedFile } from './parse-file.js';
import { readDocuments, textsOf } from './read-documents.js';
import type { YamlPath } from './refusal.js';
import { proveTexts, refuseText, splice, type Splice, type TextResult } from './text-edit.js';

export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };

/** Sets one entry of a map of the first document, with the maps above it where they are absent. An absent file is an empty one. */
export function setEntry(source: string | undefined, path: YamlPath, value: PlainValue): TextResult {
  return edit(source ?? '', path, value);
}

/** Removes one entry of a map of the first document; a map that becomes empty stays as `{}`. Absent is fine. */
export function removeEntry(source: string, path: YamlPath): TextResult {
  return edit(source, path, undefined);
}

function edit(source: string, path: YamlPath, value: PlainValue | undefined): TextResult {
  const read = readDocuments(source);
  if (!read.ok) return read;
  if (isThere(read.documents[0]?.value, path, value)) return { ok: true, text: source, isChanged: false };
  const target = findTarget(read.file, path);
  if (!target) return refuse(read.file, `${path.join('.')} does not lead through maps`);
  const splices = value === undefined ? removal(source, target) : setting(source, target, value);
  if (!splices) return refuse(read.file, `${path.join('.')} is not on lines of its own`);
  const [first, ...others] = read.documents.map((document) => document.texts);
  return proveTexts(source, splice(source, splices), [withEntry(first, path, textsOfValue(value)), ...others]);
}

/** The deepest map on the path that exists, with what of the path is missing below it. */
interface Target {
  map: YAMLMap<Node, Node | null> | undefined;
  /** The pair that holds `map`; absent for the top of the document. */
  holder: { key: unknown; value: unknown } | undefined;
  path: YamlPath;
}

function findTarget(file: ParsedFile, path: YamlPath): Target | undefined {
  let node: Node | null = file.documents[0]?.contents ?? null;
  let holder: Target['holder'];
  let rest = path;
  while (rest.length > 0) {
    if (isEmpty(node)) return { map: undefined, holder, path: rest };
    if (!isMap<Node, Node | null>(node)) return undefined;
    const pair = pairOf(node, rest[0] ?? '');
    if (!pair || rest.length === 1) return { map: node, holder, path: rest };
    holder = pair;
    node = pair.value;
    rest = rest.slice(1);
  }
  return undefined;
}

function isEmpty(node: Node | null): boolean {
  return node === null || (!isMap(node) && node.toJSON() === null);
}

function setting(source: string, { map, holder, path }: Target, value: PlainValue): Splice[] | undefined {
  const [key = '', ...below] = path;
  const nested = below.reduceRight<PlainValue>((inner, step) => ({ [step]: inner }), value);
  if (!map || map.items.length === 0) return fillEmpty(source, { map, holder }, { [key]: nested });
  if (!map.flow) return setInBlock(source, map, { [key]: nested });
  const name = JSON.stringify(String(key));
  const set = new Map([[String(key), { name, value: JSON.stringify(nested) }]]);
  return changeFlow(map, { set, remove: new Set() });
}

function setInBlock(
  source: string,
  map: YAMLMap<Node, Node | null>,
  content: Record<string, PlainValue>,
): Splice[] | undefined {
  const pair = pairOf(map, Object.keys(content)[0] ?? '');
  const [entry, first] = [pair ?? map.items.at(-1), map.items[0]].map((beside) => beside && blockEntry(source, beside));
  if (!entry || !first) return undefined;
  const lines = blockLines(source, content, first.indent);
  return [pair ? { ...entry, text: fitEnd(source, entry, lines) } : insertAfter(source, entry, lines)];
}

/** Gives a first entry to a map that has none yet: `{}`, no value at all, or an empty file. */
function fillEmpty(source: string, { map, holder }: Omit<Target, 'path'>, content: PlainValue): Splice[] | undefined {
  const range = map?.range;
  if (!holder) {
    const lines = blockLines(source, content, 0);
    return range
      ? [{ start: range[0], end: range[1], text: lines.trimEnd() }]
      : [insertAfter(source, { end: source.length }, lines)];
  }
  const entry = blockEntry(source, holder);
  if (!entry) return undefined;
  const lines = insertAfter(source, entry, blockLines(source, content, entry.indent + 2));
  const [start = 0, end = 0] = (holder.value as Node | null)?.range ?? [];
  if (start === end) return [lines];
  const keyEnd = source.slice(0, start).trimEnd().length;
  return [{ start: keyEnd, end, text: '' }, lines];
}

function removal(source: string, { map, holder, path }: Target): Splice[] | undefined {
  const pair = map && pairOf(map, path[0] ?? '');
  if (!map || !pair) return [];
  if (map.flow) return changeFlow(map, { set: new Map(), remove: new Set([String(path[0])]) });
  if (map.items.length === 1) return emptyMap(source, map, holder);
  const entry = blockEntry(source, pair);
  return entry && [{ ...entry, text: '' }];
}

function emptyMap(source: string, map: YAMLMap, holder: Target['holder']): Splice[] | undefined {
  const [pair] = map.items;
  const entry = pair && blockEntry(source, pair);
  if (!entry) return undefined;
  const keyEnd = (holder?.key as Node | undefined)?.range?.[1];
  if (keyEnd === undefined) return [{ ...entry, text: `{}${endOfLine(source)}` }];
  const colon = source.indexOf(':', keyEnd) + 1;
  return [
    { start: colon, end: colon, text: ' {}' },
    { ...entry, text: '' },
  ];
}

function blockLines(source: string, content: PlainValue, indent: number): string {
  const text = stringify(content, {
    lineWidth: 0,
    compat: 'yaml-1.1',
    blockQuote: false,
    aliasDuplicateObjects: false,
  });
  return text.replace(/^(?=.)/gm, ' '.repeat(indent)).replaceAll('\n', endOfLine(source));
}

function insertAfter(source: string, { end }: Pick<BlockEntry, 'end'>, lines: string): Splice {
  const isOpenEnd = end > 0 && source[end - 1] !== '\n' && source.slice(0, end) !== '\ufeff';
  return { start: end, end, text: isOpenEnd ? endOfLine(source) + lines.trimEnd() : lines };
}

function fitEnd(source: string, { start, end }: BlockEntry, lines: string): string {
  return source.slice(start, end).endsWith('\n') ? lines : lines.trimEnd();
}

function isThere(document: unknown, path: YamlPath, value: PlainValue | undefined): boolean {
  let node = document;
  for (const step of path) {
    if (typeof node !== 'object' || node === null || !Object.hasOwn(node, step)) return value === undefined;
    node = (node as Record<string | number, unknown>)[step];
  }
  return value !== undefined && isDeepEqual(node, value);
}

/** What the first document must read as afterwards, by the texts of its scalars. */
function withEntry(texts: unknown, [step, ...rest]: YamlPath, value: unknown): unknown {
  if (step === undefined) return value;
  const record = { ...(typeof texts === 'object' ? (texts as Record<string, unknown>) : {}) };
  if (rest.length === 0 && value === undefined) delete record[step];
  else record[step] = withEntry(record[step], rest, value);
  return record;
}

function textsOfValue(value: PlainValue | undefined): unknown {
  if (value === undefined) return undefined;
  const parsed = parseFile(JSON.stringify(value));
  return parsed.ok && parsed.file.documents[0] ? textsOf(parsed.file.documents[0]) : undefined;
}

function refuse(file: ParsedFile, reason: string): TextResult {
  return refuseText('layout', reason, file.position(file.documents[0]?.range[0] ?? 0));
}
