import { isAlias, isMap, isScalar, type Node, type Scalar } from 'yaml';
import { childOf, nodeAt, pairOf, parseFile, type ParsedFile, type Refusals } from './parse-file.js';
import { outlineOf } from './outline.js';
import type { EditResult, Refusal, RefusalKind, ScalarChange, YamlPath } from './refusal.js';
import { isStringEverywhere, renderScalar, type ScalarStyle } from './scalar-text.js';

export interface ScalarEdit {
  document: number;
  path: YamlPath;
  value: string;
}

/**
 * Sets scalars to strings and leaves every other byte as it is, proven by reading the result again.
 * Edits that find their value already there change nothing. Two edits of one place must agree.
 */
export function setScalars(source: string, edits: readonly ScalarEdit[]): EditResult {
  const parsed = parseFile(source);
  if (!parsed.ok) return parsed;
  const refusals: Refusal[] = [];
  const splices = new Map<Scalar, Splice>();
  for (const edit of edits) {
    const found = locate(parsed.file, edit);
    const other = found.ok ? splices.get(found.node) : undefined;
    if (!found.ok) refusals.push(found.refusal);
    else if (other && other.edit.value !== edit.value)
      refusals.push(
        refuse(parsed.file, edit, { node: found.node, kind: 'layout', reason: 'Two edits want different values here' }),
      );
    else splices.set(found.node, { edit, node: found.node, text: newText(parsed.file, found.node, edit.value) });
  }
  const [first, ...rest] = refusals;
  if (first) return { ok: false, refusals: [first, ...rest] };
  return apply(parsed.file, [...splices.values()]);
}

interface Splice {
  edit: ScalarEdit;
  node: Scalar;
  text: string;
}

type Located = { ok: true; node: Scalar } | { ok: false; refusal: Refusal };

/** The scalar of an edit, if setting it changes nothing but itself. */
function locate(file: ParsedFile, edit: ScalarEdit): Located {
  let node: Node | null | undefined = file.documents[edit.document]?.contents;
  const no = (kind: RefusalKind, reason: string): Located => ({
    ok: false,
    refusal: refuse(file, edit, { node, kind, reason }),
  });
  for (const step of edit.path) {
    const problem = passing(file, edit.document, node);
    if (problem) return no(...problem);
    const next = childOf(node, step);
    if (!next) return no(...missing(node, step));
    node = next;
  }
  const problem = passing(file, edit.document, node) ?? scalarProblem(file, node);
  if (problem) return no(...problem);
  return isScalar(node) ? { ok: true, node } : no('not a scalar', 'This is no single value');
}

type Problem = [kind: RefusalKind, reason: string];

function missing(node: Node | null | undefined, step: string | number): Problem {
  const isMerged = isMap(node) && pairOf(node, '<<') !== undefined;
  return isMerged
    ? ['merge key', `The value of ${step} comes here by a merge key`]
    : ['not found', `There is no ${step} here`];
}

/** What on the way to a scalar makes that setting it would change other places too. */
function passing(file: ParsedFile, document: number, node: Node | null | undefined): Problem | undefined {
  if (isAlias(node)) return ['alias', `This is the alias *${node.source}: its value stands elsewhere`];
  const anchor = node?.anchor;
  if (anchor !== undefined && file.aliased[document]?.has(anchor))
    return ['anchor', `The anchor &${anchor} is used elsewhere too`];
  return undefined;
}

function scalarProblem(file: ParsedFile, node: Node | null | undefined): Problem | undefined {
  if (!isScalar(node) || !node.range) return ['not a scalar', 'This is no single value'];
  const raw = rawText(file.source, node);
  if (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL') return ['block scalar', 'This is a block of text'];
  if (raw === '') return ['not a scalar', 'There is no value here yet'];
  if (raw.includes('${')) return ['substitution', 'This value is filled in by a ${…} substitution'];
  if (/\{\{|\{%|<%/.test(raw)) return ['template', 'This value is filled in by a template'];
  if (node.tag !== undefined && node.tag !== 'tag:yaml.org,2002:str')
    return ['tag', `This value has the tag ${node.tag}`];
  return undefined;
}

function newText(file: ParsedFile, node: Scalar, value: string): string {
  const style: ScalarStyle =
    node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'QUOTE_SINGLE' ? 'single' : 'plain';
  const raw = rawText(file.source, node);
  const isThere = node.value === value && (style !== 'plain' || isStringEverywhere(raw));
  return isThere ? raw : renderScalar(value, style);
}

function rawText(source: string, node: Scalar): string {
  return source.slice(node.range?.[0], node.range?.[1]);
}

function apply(file: ParsedFile, splices: readonly Splice[]): EditResult {
  const effective = splices
    .filter(({ node, text }) => rawText(file.source, node) !== text)
    .sort((a, b) => (a.node.range?.[0] ?? 0) - (b.node.range?.[0] ?? 0));
  if (effective.length === 0) return { ok: true, text: file.source, changes: [] };
  let text = '';
  let end = 0;
  for (const splice of effective) {
    text += file.source.slice(end, splice.node.range?.[0]) + splice.text;
    end = splice.node.range?.[1] ?? end;
  }
  text += file.source.slice(end);
  const refusals = disprove(file, text, effective);
  return refusals
    ? { ok: false, refusals }
    : { ok: true, text, changes: effective.map((splice) => changeOf(file, splice)) };
}

function changeOf(file: ParsedFile, { edit, node }: Splice): ScalarChange {
  const from = node.type === 'PLAIN' ? (node.source ?? '') : String(node.value);
  return { document: edit.document, path: edit.path, from, to: edit.value, ...file.position(node.range?.[0] ?? 0) };
}

/** Reads the result again: it must be the same file with exactly these scalars set. */
function disprove(file: ParsedFile, text: string, splices: readonly Splice[]): Refusals | undefined {
  const after = parseFile(text);
  const refuseAt = ({ edit, node }: Splice): Refusal =>
    refuse(file, edit, { node, kind: 'proof', reason: 'Setting this value would change how the file is read' });
  const wrong = splices.filter((splice) => !isSet(after.ok ? after.file : undefined, splice));
  const [first, ...rest] = wrong.map(refuseAt);
  if (first) return [first, ...rest];
  const isSame =
    after.ok && outlineOf(file, edited(file, splices)) === outlineOf(after.file, edited(after.file, splices));
  return isSame || !splices[0] ? undefined : [refuseAt(splices[0])];
}

function isSet(after: ParsedFile | undefined, { edit, text }: Splice): boolean {
  const document = after?.documents[edit.document];
  const node = document && nodeAt(document, edit.path);
  return isScalar(node) && node.value === edit.value && (node.type !== 'PLAIN' || isStringEverywhere(text));
}

function edited(file: ParsedFile, splices: readonly Splice[]): Set<unknown> {
  return new Set(
    splices.map(({ edit }) => file.documents[edit.document] && nodeAt(file.documents[edit.document]!, edit.path)),
  );
}

function refuse(
  file: ParsedFile,
  { document, path }: ScalarEdit,
  { node, kind, reason }: { node: Node | null | undefined; kind: RefusalKind; reason: string },
): Refusal {
  const offset = node?.range?.[0] ?? file.documents[document]?.range[0] ?? 0;
  return { kind, reason, document, path, ...file.position(offset) };
}
