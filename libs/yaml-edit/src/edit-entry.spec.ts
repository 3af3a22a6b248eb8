import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PlainValue, removeEntry, setEntry } from './edit-entry.js';
import { readDocuments } from './read-documents.js';

const path = ['locks', 'a/b'];

function set(source: string | undefined, value: PlainValue, at: string[] = path): string {
  const result = setEntry(source, at, value);
  return result.ok ? result.text : JSON.stringify(result.refusals);
}

function remove(source: string, at: string[] = path): string {
  const result = removeEntry(source, at);
  return result.ok ? result.text : JSON.stringify(result.refusals);
}

describe('setting an entry', () => {
  it.each<[string, string | undefined, string]>([
    ['creates the file', undefined, 'locks:\n  a/b:\n    x: 1\n'],
    ['fills an empty file', '', 'locks:\n  a/b:\n    x: 1\n'],
    ['fills a file of comments', '# locks\n', '# locks\nlocks:\n  a/b:\n    x: 1\n'],
    ['adds the map and the entry', 'version: 1 # v\n', 'version: 1 # v\nlocks:\n  a/b:\n    x: 1\n'],
    [
      'adds the entry behind the others',
      'locks:\n  c/d: 1 # c\n# end\nz: 1\n',
      'locks:\n  c/d: 1 # c\n  a/b:\n    x: 1\n# end\nz: 1\n',
    ],
    ['keeps the indentation of the others', 'locks:\n    c/d: 1\n', 'locks:\n    c/d: 1\n    a/b:\n      x: 1\n'],
    [
      'replaces the entry',
      '# l\nlocks:\n  a/b: {y: 2} # gone\n  c/d: 1\n',
      '# l\nlocks:\n  a/b:\n    x: 1\n  c/d: 1\n',
    ],
    [
      'leaves an entry that says the same as it is',
      'locks:\n  a/b: {"x": 1} # stays\n',
      'locks:\n  a/b: {"x": 1} # stays\n',
    ],
    ['fills an empty map', 'locks: {} # none\nz: 1\n', 'locks: # none\n  a/b:\n    x: 1\nz: 1\n'],
    ['fills a key without a value', 'locks: # none\nz: 1\n', 'locks: # none\n  a/b:\n    x: 1\nz: 1\n'],
    ['adds into braces', 'locks: {c/d: 1}\n', 'locks: {c/d: 1, "a/b": {"x":1}}\n'],
    ['replaces in braces', 'locks: {a/b: 2, c/d: 1}\n', 'locks: {a/b: {"x":1}, c/d: 1}\n'],
    ['keeps Windows line endings', 'v: 1\r\n', 'v: 1\r\nlocks:\r\n  a/b:\r\n    x: 1\r\n'],
    ['keeps a missing line break at the end', 'v: 1', 'v: 1\nlocks:\n  a/b:\n    x: 1'],
    ['keeps a byte order mark', '\ufeffv: 1\n', '\ufeffv: 1\nlocks:\n  a/b:\n    x: 1\n'],
  ])('%s', (_title, before, after) => {
    expect(set(before, { x: 1 })).toBe(after);
    expect(set(after, { x: 1 })).toBe(after);
  });

  it.each([
    'yes',
    '1e3',
    '0755',
    '2026-11-21T03:00:00Z',
    'a: b',
    '# x',
    '"',
    "'",
    '- x',
    'two\nlines',
    '{{ x }}',
    '*a',
    '',
    'null',
    '0o7',
    '日本',
  ])('writes a text so that it reads as this text: %j', (text) => {
    const result = readDocuments(set('v: 1\n', [text]));
    expect(result.ok && result.documents[0]?.value).toEqual({ v: 1, locks: { 'a/b': [text] } });
  });

  it.each([
    ['a value where a map should be', 'locks: 1\n'],
    ['a list where a map should be', 'locks: []\n'],
    ['an alias', 'a: &a {x: 1}\nlocks: *a\n'],
    ['a file that is no YAML', 'locks: [\n'],
    ['a file that is a list', '- a\n'],
  ])('refuses %s', (_why, source) => {
    expect(setEntry(source, path, { x: 1 })).toMatchObject({ ok: false });
  });
});

describe('removing an entry', () => {
  it.each([
    [
      'takes its lines away',
      'locks:\n  # about c\n  c/d: 1\n  a/b:\n    x: 1 # y\n  e/f: 2\n',
      'locks:\n  # about c\n  c/d: 1\n  e/f: 2\n',
    ],
    ['leaves an empty map behind', '# l\nlocks: # all\n  a/b:\n    x: 1\nz: 1\n', '# l\nlocks: {} # all\nz: 1\n'],
    ['takes the first away in braces', 'locks: {a/b: 1, c/d: 2}\n', 'locks: {c/d: 2}\n'],
    ['takes the last away in braces', 'locks: {c/d: 2, a/b: 1}\n', 'locks: {c/d: 2}\n'],
    ['takes the only one away in braces', 'locks: {a/b: 1}\n', 'locks: {}\n'],
    ['takes away the only one in braces, without a value', 'locks: {a/b: }\n', 'locks: {}\n'],
    ['takes away the last in braces, without a value', 'locks: {c/d: 2, a/b: }\n', 'locks: {c/d: 2}\n'],
    ['takes away the first in braces, without a value', 'locks: {a/b: , c/d: 2}\n', 'locks: {c/d: 2}\n'],
    [
      'takes away the last in braces on lines, without a value',
      'locks: {\n  c/d: 2,\n  a/b\n}\n',
      'locks: {\n  c/d: 2}\n',
    ],
    ['does nothing where it is absent', 'locks:\n  c/d: 1\n', 'locks:\n  c/d: 1\n'],
    ['does nothing where the map is absent', 'v: 1\n', 'v: 1\n'],
    ['does nothing to an empty file', '', ''],
  ])('%s', (_title, before, after) => {
    expect(remove(before)).toBe(after);
    expect(remove(after)).toBe(after);
  });

  it('undoes what setting did, byte by byte', () => {
    const source = '\ufeff# top\r\nversion: 1\r\nlocks:\r\n  c/d: {x: 1} # c\r\n\r\n# end\r\nz: [1,\r\n  2]\r\n';
    const key = fc.stringMatching(/^[a-z]{1,5}\/[a-z]{1,5}$/).filter((name) => name !== 'c/d');
    const value = fc.dictionary(
      fc.stringMatching(/^[a-z]{1,8}$/),
      fc.oneof(fc.string(), fc.array(fc.string()), fc.integer()),
      { minKeys: 1 },
    );
    fc.assert(
      fc.property(key, value, (name, content) => {
        expect(remove(set(source, content as PlainValue, ['locks', name]), ['locks', name])).toBe(source);
      }),
    );
  });
});
