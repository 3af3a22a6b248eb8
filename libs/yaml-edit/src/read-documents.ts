import { type Document, isAlias, isCollection, isMap, isScalar, isSeq, type Node } from 'yaml';
import {
  childOf,
  childrenOf,
  isMergeKey,
  keyText,
  pairOf,
  parseFile,
  type ParsedFile,
  type Refusals,
} from './parse-file.js';
import type { Position, YamlPath } from './refusal.js';

export interface YamlDocument {
  index: number;
  /** Where the content begins. */
  line: number;
  /** Plain data, merge keys and aliases resolved; null for an empty document. */
  value: unknown;
  /** The same with every scalar as the text that was written: `1.10` is "1.10", not 1.1. An absent value is "". */
  texts: unknown;
  /** Where the node at the path, or else the nearest node above it, stands. */
  positionOf(path: YamlPath): Position;
  /** Where the key at the path stands, or else the nearest key above it. */
  keyPositionOf(path: YamlPath): Position;
}

export type ReadResult = { ok: true; file: ParsedFile; documents: YamlDocument[] } | { ok: false; refusals: Refusals };

/** Reads untrusted text within limits (1 MiB, depth 64, 50 aliases). One bad document refuses the file. Never throws. */
export function readDocuments(source: string): ReadResult {
  const parsed = parseFile(source);
  if (!parsed.ok) return parsed;
  const documents: YamlDocument[] = [];
  for (const [index, document] of parsed.file.documents.entries()) {
    const read = readDocument(parsed.file, document, index);
    if (!read) return { ok: false, refusals: [tooManyAliases(parsed.file, document, index)] };
    documents.push(read);
  }
  return { ok: true, file: parsed.file, documents };
}

/** Values are made when they are asked for: most readers look at some documents, and at one of the two. */
function readDocument(file: ParsedFile, document: Document.Parsed, index: number): YamlDocument | undefined {
  const toValue = once((): unknown => document.toJS());
  const toTexts = once(() => textsOf(document));
  if (!file.isWrittenOut[index] && !isResolvable(document, toValue)) return undefined;
  return {
    index,
    line: file.position(offsetOf(document, [])).line,
    get value() {
      return toValue();
    },
    get texts() {
      return toTexts();
    },
    positionOf: (path) => file.position(offsetOf(document, path)),
    keyPositionOf: (path) => file.position(keyOffsetOf(document, path)),
  };
}

/** A megabyte of manifests has a third of that. Whoever goes through a value sees an alias' part of it each time. */
const maxResolved = 100_000;

/** Nodes are keys, too. So many need not be written out to know that it is too much, but for keys that are merged twice. */
const maxNodes = 3 * maxResolved;

/** With what aliases point to counted each time. */
function nodesIn(node: unknown, anchors: Map<string, number>): number {
  if (isAlias(node)) return anchors.get(node.source) ?? 1;
  const children = isCollection(node) ? childrenOf(node) : [];
  const count = children.reduce<number>((total, child) => total + nodesIn(child, anchors), 1);
  const anchor = (node as Node | null)?.anchor;
  if (anchor) anchors.set(anchor, count);
  return count;
}

/** What aliases and merge keys mean is only known by reading them, and only then the parser says that it is too much or wrong. */
function isResolvable({ contents }: Document.Parsed, read: () => unknown): boolean {
  if (nodesIn(contents, new Map()) > maxNodes) return false;
  try {
    return sizeOf(read(), new Map()) <= maxResolved;
  } catch {
    return false;
  }
}

/** With what aliases point to counted each time, but gone through once. */
function sizeOf(value: unknown, known: Map<object, number>): number {
  if (typeof value !== 'object' || value === null) return 1;
  const size =
    known.get(value) ?? Object.values(value).reduce<number>((total, child) => total + sizeOf(child, known), 1);
  known.set(value, size);
  return size;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function tooManyAliases(file: ParsedFile, document: Document.Parsed, index: number): Refusals[0] {
  const reason = 'Aliases or merge keys cannot be resolved: they grow too much, or merge what is no map';
  return { kind: 'limits', reason, document: index, ...file.position(offsetOf(document, [])) };
}

function offsetOf(document: Document.Parsed, path: YamlPath): number {
  let node: Node | null | undefined = document.contents;
  let offset = node?.range?.[0] ?? document.range[0];
  for (const step of path) {
    node = childOf(node, step);
    if (!node) break;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

function keyOffsetOf(document: Document.Parsed, path: YamlPath): number {
  let node: Node | null | undefined = document.contents;
  let offset = offsetOf(document, []);
  for (const step of path) {
    const place = isMap<Node, Node | null>(node) ? pairOf(node, step)?.key : childOf(node, step);
    if (!place) break;
    offset = place.range?.[0] ?? offset;
    node = childOf(node, step);
  }
  return offset;
}

/** Scalars as written. Aliases were found to be within limits before this is called. */
export function textsOf(document: Document.Parsed): unknown {
  return textOf(document.contents, new Map());
}

function textOf(node: unknown, anchors: Map<string, unknown>): unknown {
  if (isAlias(node)) return anchors.get(node.source);
  const text = isMap(node)
    ? mapTexts(node.items, anchors)
    : isSeq(node)
      ? seqTexts(node.items, anchors)
      : scalarText(node);
  const anchor = (node as Node | null)?.anchor;
  if (anchor) anchors.set(anchor, text);
  return text;
}

function scalarText(node: unknown): string {
  return isScalar(node) ? (node.source ?? '') : '';
}

function seqTexts(items: readonly unknown[], anchors: Map<string, unknown>): unknown[] {
  return items.map((item) => textOf(item, anchors));
}

function mapTexts(items: readonly { key: unknown; value: unknown }[], anchors: Map<string, unknown>): object {
  const own: Record<string, unknown> = {};
  let merged: Map<string, unknown> | undefined;
  for (const { key, value } of items) {
    const texts = textOf(value, anchors);
    if (isMergeKey(key)) mergeTexts((merged ??= new Map<string, unknown>()), texts);
    else own[keyText(key) ?? ''] = texts;
  }
  return merged ? { ...Object.fromEntries(merged), ...own } : own;
}

/** The earlier of several merged maps wins. */
function mergeTexts(merged: Map<string, unknown>, texts: unknown): void {
  for (const source of [texts].flat())
    for (const [key, value] of Object.entries(Object(source) as object)) if (!merged.has(key)) merged.set(key, value);
}
