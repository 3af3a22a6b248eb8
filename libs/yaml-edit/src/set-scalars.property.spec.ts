import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, isSeq, parseAllDocuments, stringify } from 'yaml';
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
  defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
  indent: fc.constantFrom(2, 3, 4),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom('any', 'block', 'flow'),
});
const ending = fc.record({ crlf: fc.boolean(), bom: fc.boolean(), final: fc.boolean(), comments: fc.boolean() });

/** YAML as people might have it: any quoting, indentation, line ends, comments, several documents. */
const source = fc
  .tuple(fc.array(fc.tuple(tree, layout), { minLength: 1, maxLength: 3 }), ending)
  .map(([trees, { crlf, bom, final, comments }]) => {
    const texts = trees.map(([value, options]) => stringify(value, options as object));
    const text = texts.map((part) => (comments ? `# ünï\t!\n${part}\n# end\n` : part)).join('---\n');
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
