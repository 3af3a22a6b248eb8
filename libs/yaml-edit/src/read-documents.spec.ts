import { describe, expect, it } from 'vitest';
import { readDocuments } from './read-documents.js';

describe('places in a document', () => {
  const text = 'spec:\n  values:\n    image: {tag: v1}\n    list:\n      - name: a\n      - name: b\n  # end\n';
  const read = readDocuments(text);
  const [document] = read.ok ? read.documents : [];

  it.each([
    ['spec.values', 2, 3],
    ['spec.values.image.tag', 3, 13],
    ['spec.values.list.1', 6, 9],
    ['spec.values.list.1.name', 6, 9],
    ['spec.values.missing.deeper', 2, 3],
    ['missing', 1, 1],
  ])('the key of %s stands in line %i, column %i', (path, line, column) => {
    const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    expect(document?.keyPositionOf(steps)).toEqual({ line, column });
  });

  it('a value stands where it begins', () => {
    expect(document?.positionOf(['spec', 'values'])).toEqual({ line: 3, column: 5 });
  });
});

function aliases(count: number): string {
  return Array.from({ length: count }, (_, at) => `b${at}: *a\n`).join('');
}

function manyKeys(count: number): string {
  return Array.from({ length: count }, (_, at) => `  k${at}: 1\n`).join('');
}

describe('the values of a file', () => {
  function textsOf(source: string): unknown {
    const read = readDocuments(source);
    return read.ok ? read.documents.map(({ texts }) => texts) : read.refusals;
  }

  it('are texts as they are written', () => {
    expect(textsOf('a: 1.10\nb: 0x1F\nc: ~\nd:\ne: "\\x41"\nf: !!int "07"\n')).toEqual([
      { a: '1.10', b: '0x1F', c: '~', d: '', e: 'A', f: '07' },
    ]);
  });

  it('are what a map says itself, then what the first of several merged maps says', () => {
    const source = 'x: &x {a: 1, b: 1, c: 1}\ny: &y {b: 2, c: 2, d: 2}\nz:\n  c: 3\n  <<: [*x, *y]\n';
    expect(textsOf(source)).toMatchObject([{ z: { a: '1', b: '1', c: '3', d: '2' } }]);
    const read = readDocuments(source);
    expect(read.ok && read.documents[0]?.value).toMatchObject({ z: { a: 1, b: 1, c: 3, d: 2 } });
  });

  it.each([
    ['a merge key that merges no map', 'a:\n  <<: text\n'],
    ['a merge key that merges a list of texts', 'a: &a [b]\nc:\n  <<: *a\n'],
    [
      'aliases that grow too much',
      `a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n${'bcdefg'
        .split('')
        .map((key, at) => `${key}: &${key} [${Array(8).fill(`*${'abcdef'[at]}`).join(', ')}]\n`)
        .join('')}`,
    ],
    ['an alias of much, again and again', `a: &a\n${'  - 1\n'.repeat(5000)}${aliases(25)}`],
    ['a merge of much, again and again', `a: &a\n${manyKeys(5000)}${aliases(25).replaceAll('*a', '{<<: *a}')}`],
  ])('refuse the file: %s', (_what, source) => {
    expect(readDocuments(source)).toMatchObject({ ok: false, refusals: [{ kind: 'limits', document: 0 }] });
  });

  it.each(['__proto__', 'constructor', 'prototype'])('refuse a key that reaches prototypes: %s', (key) => {
    expect(readDocuments(`a:\n  ${key}: 1\n`)).toMatchObject({ ok: false, refusals: [{ line: 2, column: 3 }] });
  });
});
