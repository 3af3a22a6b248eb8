import { isAlias, isMap, isScalar, type Node, type Scalar } from 'yaml';
import { disprove, type SetScalar } from './disprove.js';
import { childOf, pairOf, parseFile, type ParsedFile } from './parse-file.js';
import type { EditResult, Refusal, RefusalKind, ScalarChange, YamlPath } from './refusal.js';
import { isStringEverywhere, renderScalar, type ScalarStyle } from './scalar-text.js';
import { splice } from './text-edit.js';

export interface ScalarEdit {
  document: number;
  path: YamlPath;
  value: string;
}

/**
 * Sets scalars to strings and leaves every other byte as it is, proven by reading the result again.
 * A file that was read already need not be parsed again. Edits that find their value already there change nothing. Two edits of one place must agree.
 */
export function setScalars(source: string | ParsedFile, edits: readonly ScalarEdit[]): EditResult {
  const parsed = typeof source === 'string' ? parseFile(source) : { ok: true as const, file: source };
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
    else splices.set(found.node, spliceOf(parsed.file, edit, found.node));
  }
  const [first, ...rest] = refusals;
  if (first) return { ok: false, refusals: [first, ...rest] };
  return apply(parsed.file, [...splices.values()]);
}

interface Splice extends SetScalar {
  edit: ScalarEdit;
  node: Scalar;
  end: number;
}

function spliceOf(file: ParsedFile, edit: ScalarEdit, node: Scalar): Splice {
  const [start = 0, end = 0] = node.range ?? [];
  return { edit, node, start, end, text: newText(file, node, edit.value), value: edit.value };
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
    .filter(({ start, end, text }) => file.source.slice(start, end) !== text)
    .sort((a, b) => a.start - b.start);
  if (effective.length === 0) return { ok: true, text: file.source, changes: [] };
  const text = splice(file.source, effective);
  const wrong = disprove(file, text, effective);
  return wrong
    ? { ok: false, refusals: [refuseProof(file, wrong)] }
    : { ok: true, text, changes: effective.map((one) => changeOf(file, one)) };
}

function changeOf(file: ParsedFile, { edit, node }: Splice): ScalarChange {
  const from = node.type === 'PLAIN' ? (node.source ?? '') : String(node.value);
  return { document: edit.document, path: edit.path, from, to: edit.value, ...file.position(node.range?.[0] ?? 0) };
}

function refuseProof(file: ParsedFile, { edit, node }: Splice): Refusal {
  return refuse(file, edit, { node, kind: 'proof', reason: 'Setting this value would change how the file is read' });
}

function refuse(
  file: ParsedFile,
  { document, path }: ScalarEdit,
  { node, kind, reason }: { node: Node | null | undefined; kind: RefusalKind; reason: string },
): Refusal {
  const offset = node?.range?.[0] ?? file.documents[document]?.range[0] ?? 0;
  return { kind, reason, document, path, ...file.position(offset) };
}
