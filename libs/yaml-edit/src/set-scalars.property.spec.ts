import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Document, isCollection, isMap, isScalar, isSeq, type Node, parseAllDocuments, visit } from 'yaml';
import { removeEntry, setEntry } from './edit-entry.js';
import { restoreBlock } from './restore-block.js';
import { type ScalarEdit, setScalars } from './set-scalars.js';

const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter((name) => !['constructor', 'prototype'].includes(name));
const leaf = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom('1.10', 'yes', '0755', 'a: b', '# c', '${x}', "it's", 'ünï'),
);
const { tree } = fc.letrec<{ tree: unknown; node: unknown }>((tie) => ({
  tree: fc.dictionary(key, tie('node'), { minKeys: 1, maxKeys: 4 }),
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('node'), { maxLength: 3 }),
    tie('tree'),
  ),
}));
const layout = fc.record({
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  flowCollectionPadding: fc.boolean(),
  lineWidth: fc.constantFrom(0, 20, 80),
});
const ending = fc.record({
  crlf: fc.boolean(),
  bom: fc.boolean(),
  final: fc.boolean(),
  directive: fc.boolean(),
  marked: fc.boolean(),
});
/** Styles that say how one node is written; which node is by chance. */
const decoration = fc.record({
  what: fc
    .constantFrom('PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE', 'BLOCK_LITERAL', 'BLOCK_FOLDED', 'flow', 'anchor')
    .chain((what) => fc.constantFrom(what, 'comment', 'comment before', 'blank line', 'alias')),
  pick: fc.nat(),
});

function decorate(value: unknown, decorations: readonly { what: string; pick: number }[]): Document {
  const document = new Document(value);
  for (const [at, { what, pick }] of decorations.entries()) {
    const nodes = nodesOf(document);
    const node = nodes[pick % nodes.length];
    if (node) decorateNode(document, node, what, `a${at}`);
  }
  return document;
}

function nodesOf(document: Document): Node[] {
  const nodes: Node[] = [];
  visit(document, { Value: (key, node) => void (key !== 'key' && nodes.push(node)) });
  return nodes;
}

function decorateNode(document: Document, node: Node, what: string, name: string): void {
  if (what === 'comment') node.comment = ' ünï\t! 日本 #';
  else if (what === 'comment before') node.commentBefore = ' größe: "1\n # 2';
  else if (what === 'blank line') node.spaceBefore = true;
  else if (!isScalar(node) && !isCollection(node)) return;
  else if (what === 'anchor') node.anchor ||= name;
  else if (what === 'alias' && isMap(document.contents) && node !== document.contents)
    document.contents.add(document.createPair(`alias-${name}`, document.createAlias(node, name)));
  else if (what === 'flow' && isCollection(node)) node.flow = true;
  else if (isScalar(node) && /^[PQB]/.test(what)) node.type = what as 'PLAIN';
}

/** YAML as people might have it: any quoting and layout, comments, anchors, aliases, directives, line ends, several documents. */
const source = fc
  .tuple(
    fc.array(fc.tuple(tree, fc.array(decoration, { maxLength: 6 }), layout), { minLength: 1, maxLength: 3 }),
    ending,
  )
  .map(([documents, { crlf, bom, final, directive, marked }]) => {
    const texts = documents.map(([value, decorations, options]) => decorate(value, decorations).toString(options));
    const start = directive ? '%YAML 1.2\n---\n' : marked ? '--- # first\n' : '';
    const text = start + texts.join(marked ? '...\n---\n' : '---\n');
    const ended = final ? text : text.replace(/\n+$/, '');
    return (bom ? '\ufeff' : '') + (crlf ? ended.replaceAll('\n', '\r\n') : ended);
  });
/** Not what would itself be refused afterwards: substitutions and templates. */
const value = fc
  .oneof(fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/), fc.string(), leaf.map(String))
  .filter((text) => !/[{<]/.test(text));

function scalarPaths(text: string): { document: number; path: (string | number)[]; range: number[] }[] {
  return parseAllDocuments(text).flatMap((document, index) =>
    walk(document.contents, []).map((found) => ({ document: index, ...found })),
  );
}

function walk(node: unknown, path: (string | number)[]): { path: (string | number)[]; range: number[] }[] {
  if (isScalar(node)) return [{ path, range: [...(node.range ?? [])] }];
  if (isSeq(node)) return node.items.flatMap((item, index) => walk(item, [...path, index]));
  return isMap(node)
    ? node.items.flatMap((pair) => walk(pair.value, [...path, String(isScalar(pair.key) ? pair.key.value : '')]))
    : [];
}

describe('whatever the file', () => {
  it('is tried with every style there is', () => {
    const texts = fc.sample(source, 500);
    const styles = [
      / &a\d/,
      /: \*a\d/,
      /\S #? ?ünï/,
      /^ *# größe/m,
      /\r\n/,
      /^\ufeff/,
      /^\ufeff?%YAML/,
      /: \|/,
      /: >/,
      /: \[/,
      /\{ ?\w/,
    ];
    const others = [/: '/, /: "/, /: \w/, /^\.\.\.$/m, /^---$/m, /[^\n]$/, /\n\n/, /\[\]|\{\}/, /^ +- /m, /[^ -~\s]/];
    for (const style of [...styles, ...others]) {
      const count = texts.filter((text) => style.test(text)).length;
      expect(count, String(style)).toBeGreaterThan(5);
    }
  });

  it('changes no byte outside the value, and the value is what was asked for', () => {
    let edited = 0;
    fc.assert(
      fc.property(source, value, fc.nat(), (text, wanted, pick) => {
        const places = scalarPaths(text);
        const place = places[pick % places.length];
        if (!place) return;
        const result = setScalars(text, [{ ...place, value: wanted }]);
        if (!result.ok) return;
        edited += 1;
        const [start = 0, end = 0] = place.range;
        const tail = text.slice(end);
        expect(result.text.startsWith(text.slice(0, start))).toBe(true);
        expect(result.text.endsWith(tail)).toBe(true);
        const { contents } = parseAllDocuments(result.text)[place.document]!;
        expect((contents as { getIn(path: unknown[]): unknown }).getIn(place.path)).toBe(wanted);
      }),
      { numRuns: 1000 },
    );
    expect(edited).toBeGreaterThan(500);
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(source, value, (text, wanted) => {
        const edits: ScalarEdit[] = scalarPaths(text).map(({ document, path }) => ({ document, path, value: wanted }));
        const allowed = edits.filter((edit) => setScalars(text, [edit]).ok);
        const once = setScalars(text, allowed);
        if (once.ok) expect(setScalars(once.text, allowed)).toEqual({ ok: true, text: once.text, changes: [] });
      }),
      { numRuns: 100 },
    );
  });

  it('gets the bytes of an entry back by removing what was added', () => {
    fc.assert(
      fc.property(source, key, leaf, (text, name, content) => {
        const fresh = `new-${name}`;
        const added = setEntry(text, [fresh], { content });
        if (!added.ok || !added.text.startsWith(text)) return;
        const removed = removeEntry(added.text, [fresh]);
        expect(removed.ok && removed.text.trimEnd()).toBe(text.trimEnd());
      }),
      { numRuns: 500 },
    );
  });

  it('never throws and never loses other documents on hostile text', () => {
    const piece = fc.constantFrom(
      'a: ',
      '- ',
      '? ',
      ': ',
      '&a ',
      '*a ',
      '<<: *a',
      '{',
      '}',
      '[',
      ']',
      ',',
      '|\n',
      '>-\n',
      '"',
      "'",
      '\n',
      '\r\n',
      '\r',
      '\t',
      '  ',
      '# c',
      '---\n',
      '...\n',
      '%YAML 1.1\n',
      '!!map ',
      '!x ',
      '\ufeff',
      '\u0000',
      '\ud800',
      '{{',
      '${x}',
      'spec:\n',
      '  b: 1\n',
    );
    const hostile = fc
      .array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 40 })
      .map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(hostile, hostile, value, (text, other, wanted) => {
        for (const path of [['a'], ['spec', 'b'], ['a', 0], []])
          setScalars(text, [{ document: 0, path, value: wanted }]);
        setEntry(text, ['spec', 'x'], wanted);
        removeEntry(text, ['spec']);
        const restored = restoreBlock(text, {
          document: 0,
          key: 'spec',
          from: { source: other, document: 0 },
          keep: ['b'],
        });
        expect(restored.ok || restored.refusals.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
