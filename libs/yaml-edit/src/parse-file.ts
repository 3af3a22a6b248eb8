import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  Parser,
  Schema,
} from 'yaml';
import { lexWithinLimits } from './check-limits.js';
import type { Position, Refusal, RefusalKind } from './refusal.js';

/** Untrusted text, parsed once, with nothing in it that the rest of this library would have to fear. */
export interface ParsedFile {
  source: string;
  /** What the documents were made of. */
  lexemes: readonly string[];
  documents: readonly Document.Parsed[];
  /** For each document the names that its aliases point to. */
  aliased: readonly ReadonlySet<string>[];
  /** For each document whether its values are all written out: no alias, no merge key. */
  isWrittenOut: readonly boolean[];
  position(offset: number): Position;
}

export type Refusals = [Refusal, ...Refusal[]];
type ParseResult = { ok: true; file: ParsedFile } | { ok: false; refusals: Refusals };

const forbiddenKeys = new Set(['__proto__', 'constructor', 'prototype']);
const maxRefusals = 10;

/** Unique keys are checked below: the parser's own check takes quadratic time. */
const options = { merge: true, uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const;

/** Building a schema for each document would take longer than reading a small one. A directive may ask for another. */
const schema = new Schema({ schema: 'core', merge: true });

/** Parses within limits. Duplicate keys, keys that reach prototypes, unknown and endless aliases refuse the file. Never throws. */
export function parseFile(source: string): ParseResult {
  const lexed = lexWithinLimits(source);
  if (!lexed.ok) return { ok: false, refusals: [lexed.refusal] };
  const { lexemes } = lexed;
  const lineCounter = new LineCounter();
  const position = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const documents = compose(source, lexemes, lineCounter);
  const inspections = documents.map((document) => inspect(document));
  const refusals = inspections.flatMap(({ problems }, index) =>
    problems
      .slice(0, maxRefusals)
      .map(({ kind, reason, offset }) => ({ kind, reason, document: index, ...position(offset) })),
  );
  const [first, ...rest] = refusals;
  if (first) return { ok: false, refusals: [first, ...rest.slice(0, maxRefusals - 1)] };
  return { ok: true, file: { source, lexemes, documents, ...meaningOf(inspections), position } };
}

function compose(source: string, lexemes: readonly string[], lineCounter: LineCounter): Document.Parsed[] {
  const hasDirective = /^\ufeff?%/m.test(source);
  const composer = new Composer({ ...options, ...(!hasDirective && { schema }) });
  return [...composer.compose(parsed(lexemes, lineCounter))] as Document.Parsed[];
}

function* parsed(lexemes: readonly string[], { addNewLine }: LineCounter): Generator<CST.Token> {
  addNewLine(0);
  const parser = new Parser(addNewLine);
  for (const lexeme of lexemes) yield* parser.next(lexeme);
  yield* parser.end();
}

/** The node one step below, not looking through aliases and merge keys; undefined where there is none. */
export function childOf(node: Node | null | undefined, step: string | number): Node | null | undefined {
  if (isSeq<Node>(node)) return typeof step === 'number' ? node.items[step] : undefined;
  return isMap<Node, Node | null>(node) ? pairOf(node, step)?.value : undefined;
}

export function pairOf<M extends { items: { key: unknown; value: unknown }[] }>(map: M, step: string | number) {
  const wanted = String(step);
  if (map.items.length < 32)
    return map.items.find(({ key }) => keyText(key) === wanted) as M['items'][number] | undefined;
  const known = indexes.get(map) ?? new Map(map.items.map((pair) => [keyText(pair.key) ?? '', pair]));
  indexes.set(map, known);
  return known.get(wanted) as M['items'][number] | undefined;
}

/** Of large maps, so that reading thousands of their entries one by one stays quick. What was parsed never changes. */
const indexes = new WeakMap<object, Map<string, unknown>>();

/** A key as plain data knows it: always a string. The parser knows a merge key by a symbol. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  return isMergeKey(key) ? '<<' : String(key.value ?? '');
}

export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && typeof key.value === 'symbol';
}

/** Items, or keys and values, in their order. */
export function childrenOf(collection: { items: readonly unknown[] }): unknown[] {
  const children: unknown[] = [];
  for (const item of collection.items) {
    if (isPair(item)) children.push(item.key, item.value);
    else children.push(item);
  }
  return children;
}

function meaningOf(inspections: readonly Inspection[]): Pick<ParsedFile, 'aliased' | 'isWrittenOut'> {
  return {
    aliased: inspections.map(({ aliased }) => aliased),
    isWrittenOut: inspections.map(({ aliased, isMerging }) => aliased.size === 0 && !isMerging),
  };
}

interface Problem {
  kind: RefusalKind;
  reason: string;
  offset: number;
}

interface Inspection {
  problems: Problem[];
  aliased: Set<string>;
  known: Set<string>;
  open: string[];
  isMerging: boolean;
}

function inspect(document: Document.Parsed): Inspection {
  const problems = document.errors.map((error): Problem => ({
    kind: 'syntax',
    reason: oneLine(error.message),
    offset: error.pos[0],
  }));
  const inspection: Inspection = { problems, aliased: new Set(), known: new Set(), open: [], isMerging: false };
  if (problems.length === 0) inspectNode(document.contents, inspection);
  return inspection;
}

function inspectNode(node: unknown, inspection: Inspection): void {
  if (isAlias(node)) return inspectAlias(node.source, node.range?.[0] ?? 0, inspection);
  const anchor = (node as Node | null)?.anchor;
  if (anchor) inspection.known.add(anchor);
  if (!isCollection(node)) return;
  inspection.open.push(anchor ?? '');
  if (isMap(node)) inspectKeys(node.items, inspection);
  for (const child of childrenOf(node)) inspectNode(child, inspection);
  inspection.open.pop();
}

function inspectAlias(name: string, offset: number, { problems, aliased, known, open }: Inspection): void {
  aliased.add(name);
  if (!known.has(name)) problems.push({ kind: 'syntax', reason: `The alias *${name} has no anchor before it`, offset });
  else if (open.includes(name)) problems.push({ kind: 'syntax', reason: `The alias *${name} contains itself`, offset });
}

function inspectKeys(items: readonly { key: unknown }[], inspection: Inspection): void {
  const { problems } = inspection;
  const seen = new Set<string>();
  for (const { key } of items) {
    const text = keyText(key);
    const offset = (key as Node | null)?.range?.[0] ?? 0;
    if (text === undefined) problems.push({ kind: 'syntax', reason: 'A key is no plain text', offset });
    else if (forbiddenKeys.has(text))
      problems.push({ kind: 'syntax', reason: `The key ${text} is not allowed`, offset });
    else if (seen.has(text))
      problems.push({ kind: 'syntax', reason: `The key ${JSON.stringify(text)} stands twice in one map`, offset });
    seen.add(text ?? '');
    inspection.isMerging ||= isMergeKey(key);
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').slice(0, 300);
}
