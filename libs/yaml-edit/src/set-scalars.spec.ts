import { describe, expect, it } from 'vitest';
import type { RefusalKind } from './refusal.js';
import { setScalars } from './set-scalars.js';

const path = ['image', 'tag'];

function set(source: string, value = 'new', at: (string | number)[] = path, document = 0) {
  return setScalars(source, [{ document, path: at, value }]);
}

function textOf(source: string, value?: string, at?: (string | number)[]): string | undefined {
  const result = set(source, value, at);
  return result.ok ? result.text : JSON.stringify(result.refusals);
}

describe('setting a scalar', () => {
  it.each([
    ['keeps a plain value plain', 'image: {tag: old}\n', 'image: {tag: new}\n'],
    ['keeps double quotes', 'image:\n  tag: "old"\n', 'image:\n  tag: "new"\n'],
    ['keeps single quotes', "image:\n  tag: 'old'\n", "image:\n  tag: 'new'\n"],
    ['keeps the comment behind the value', 'image:\n  tag: old # was: older\n', 'image:\n  tag: new # was: older\n'],
    ['keeps a comment with a tab', 'image:\n  tag: old\t# tab\t!\n', 'image:\n  tag: new\t# tab\t!\n'],
    [
      'keeps comments in other scripts',
      '# ключ 日本 🚀\nimage:\n  tag: old # é\n',
      '# ключ 日本 🚀\nimage:\n  tag: new # é\n',
    ],
    ['keeps Windows line endings', 'image:\r\n  tag: old\r\nb: 1\r\n', 'image:\r\n  tag: new\r\nb: 1\r\n'],
    ['keeps a byte order mark', '\ufeffimage:\n  tag: old\n', '\ufeffimage:\n  tag: new\n'],
    ['keeps a missing line break at the end', 'image:\n  tag: old', 'image:\n  tag: new'],
    ['keeps trailing spaces', 'image:  \n  tag: old   \n', 'image:  \n  tag: new   \n'],
    ['keeps strange indentation', 'image:\n      tag:    old\n', 'image:\n      tag:    new\n'],
    ['keeps an anchor that nobody uses', 'image:\n  tag: &t old\n', 'image:\n  tag: &t new\n'],
    ['keeps a string tag', 'image:\n  tag: !!str old\n', 'image:\n  tag: !!str new\n'],
    [
      'keeps long lines long',
      `image:\n  note: ${'x '.repeat(200)}y\n  tag: old\n`,
      `image:\n  note: ${'x '.repeat(200)}y\n  tag: new\n`,
    ],
    [
      'keeps anchors and aliases beside it',
      'a: &a 1\nb: *a\nimage:\n  tag: old\n',
      'a: &a 1\nb: *a\nimage:\n  tag: new\n',
    ],
    [
      'sets its own key beside a merge key',
      'a: &a {x: 1}\nimage:\n  <<: *a\n  tag: old\n',
      'a: &a {x: 1}\nimage:\n  <<: *a\n  tag: new\n',
    ],
    [
      'keeps markers and directives',
      '%YAML 1.2\n---\nimage:\n  tag: old\n...\n',
      '%YAML 1.2\n---\nimage:\n  tag: new\n...\n',
    ],
    ['works in JSON', '{"image": {"tag": "old"}}', '{"image": {"tag": "new"}}'],
    ['works behind an explicit key', '? image\n: tag: old\n', '? image\n: tag: new\n'],
    [
      'keeps templates in other strings',
      'a: "{{ $labels.x }}"\nimage:\n  tag: old\n',
      'a: "{{ $labels.x }}"\nimage:\n  tag: new\n',
    ],
    [
      'keeps a block of text beside it',
      'a: |\n  {{ x }}\n  *y\nimage:\n  tag: old\n',
      'a: |\n  {{ x }}\n  *y\nimage:\n  tag: new\n',
    ],
  ])('%s', (_title, before, after) => {
    expect(textOf(before)).toBe(after);
    expect(textOf(after)).toBe(after);
  });

  it.each([
    ['a number', '20261120'],
    ['a number with a zero before it', '0755'],
    ['a number with an exponent', '1e3'],
    ['a commit id of digits', '1234567890123456789012345678901234567890'],
    ['a commit id that reads as an exponent', '1234567890123456789012345678901234567e89'],
    ['what YAML 1.1 reads as an exponent', 'e12'],
    ['a hexadecimal number', '0x10'],
    ['an octal number of YAML 1.2', '0o17'],
    ['a binary number of YAML 1.1', '0b11'],
    ['a number with underscores', '1_000'],
    ['a fraction that would lose its zero', '1.10'],
    ['a time of day of YAML 1.1', '12:30:45'],
    ['a date', '2026-11-21'],
    ['true', 'true'],
    ['yes, which YAML 1.1 takes for true', 'yes'],
    ['n, which YAML 1.1 takes for false', 'n'],
    ['null', 'null'],
    ['nothing', ''],
    ['spaces', 'a b'],
    ['a comment', 'a #b'],
    ['a colon at the end', 'a:'],
    ['a line break', 'a\nb'],
    ['a quote', 'a"b'],
    ['a leading dash', '-a'],
    ['a star', '*a'],
    ['a brace', 'a}b'],
    ['a control character', 'a\u0007b'],
    ['an exclamation mark', '!a'],
    ['what Python and Go take for a number', 'nan'],
    ['half an exponent', '1e'],
    ['a decimal number with a zero before it', '09'],
  ])('adds quotes where the value would not stay a string: %s', (_why, value) => {
    expect(textOf('image: {tag: old, x: 1}\n', value)).toBe(`image: {tag: ${JSON.stringify(value)}, x: 1}\n`);
  });

  it.each([
    '1.2.3',
    'v1.10',
    '1.2.3-rc.1',
    '78bc9ccf64eb838c6a0e0492ded722274925e2bd',
    'main-2026',
    'a_b',
    `x@sha256:${'1'.repeat(64)}`,
    'nope',
    '3a',
    '127.0.0.1:5000/app:1',
  ])('leaves the quotes away where none are needed: %s', (value) => {
    expect(textOf('image: {tag: old, x: 1}\n', value)).toBe(`image: {tag: ${value}, x: 1}\n`);
  });

  it.each(['\u007f', '\u0085', '\u2028', '\ufeff'])('escapes what editors and readers lose: %j', (mark) => {
    const escape = `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`;
    expect(textOf('image: {tag: "old"}\n', `a${mark}b`)).toBe(`image: {tag: "a${escape}b"}\n`);
    expect(textOf("image: {tag: 'old'}\n", `a${mark}b`)).toBe(`image: {tag: "a${escape}b"}\n`);
  });

  it('changes nothing where the value is there already', () => {
    for (const source of ['image: {tag: old}\n', 'image: {tag: "old"}\n', "image: {tag: 'old'}\n"])
      expect(set(source, 'old')).toEqual({ ok: true, text: source, changes: [] });
  });

  it('takes an alias for one of its own document only', () => {
    const other = 'a: &t 1\nb: *t\n---\nimage: {tag: &t old}\n';
    expect(set(other, 'new', path, 1)).toMatchObject({ ok: true, text: other.replace('old', 'new') });
    const own = 'a: 1\n---\nimage: {tag: &t old}\nb: *t\n';
    expect(set(own, 'new', path, 1)).toMatchObject({ ok: false, refusals: [{ kind: 'anchor', line: 3 }] });
  });

  it('refuses what would put the file over the limit', () => {
    const source = `image: {tag: old}\n#${'x'.repeat(1024 * 1024 - 19)}`;
    expect(set(source, 'new').ok).toBe(true);
    expect(set(source, 'newer')).toMatchObject({ ok: false, refusals: [{ kind: 'proof', line: 1, column: 14 }] });
  });

  it('doubles a single quote inside single quotes', () => {
    expect(textOf("image: {tag: 'old'}", "it's")).toBe("image: {tag: 'it''s'}");
  });

  it('puts quotes around a number that was meant as this very tag', () => {
    expect(textOf('image:\n  tag: 1.10\n', '1.10')).toBe('image:\n  tag: "1.10"\n');
    expect(textOf('image:\n  tag: 1.5\n', '1.5')).toBe('image:\n  tag: "1.5"\n');
    expect(textOf('image:\n  tag: yes\n', 'yes')).toBe('image:\n  tag: "yes"\n');
  });

  it('tells what it changed and where', () => {
    const result = set('a: 1\n---\n# x\nimage:\n  - tag: 1.10\n', 'new', ['image', 0, 'tag'], 1);
    expect(result).toMatchObject({
      ok: true,
      changes: [{ document: 1, path: ['image', 0, 'tag'], from: '1.10', to: 'new', line: 5, column: 10 }],
    });
  });

  it('sets several values of several documents at once', () => {
    const source = 'a: 1\nb: 2\n---\na: 3\n';
    const edits = [
      { document: 1, path: ['a'], value: 'z' },
      { document: 0, path: ['b'], value: 'x' },
      { document: 0, path: ['b'], value: 'x' },
    ];
    expect(setScalars(source, edits)).toMatchObject({ ok: true, text: 'a: 1\nb: x\n---\na: z\n', changes: [{}, {}] });
  });

  it.each<[string, string, RefusalKind, number, number]>([
    ['a folded block', 'image:\n  tag: >-\n    old\n', 'block scalar', 2, 8],
    ['a literal block', 'image:\n  tag: |\n    old\n', 'block scalar', 2, 8],
    ['an anchor that others use', 'image:\n  tag: &t old\nb: *t\n', 'anchor', 2, 11],
    ['a map that others use', 'image: &i\n  tag: old\nb: *i\n', 'anchor', 2, 3],
    ['an alias', 'a: &t old\nimage:\n  tag: *t\n', 'alias', 3, 8],
    ['an alias on the way', 'a: &t {tag: old}\nimage: *t\n', 'alias', 2, 8],
    ['a value from a merge key', 'a: &t {tag: old}\nimage:\n  <<: *t\n', 'merge key', 3, 3],
    ['a map merged into others', 'image: &t {tag: old}\nb:\n  <<: *t\n', 'anchor', 1, 11],
    ['a substitution', 'image:\n  tag: ${TAG}\n', 'substitution', 2, 8],
    ['a substitution with a default', 'image:\n  tag: "x-${TAG:=1}"\n', 'substitution', 2, 8],
    ['a template in quotes', 'image:\n  tag: "{{ .Values.tag }}"\n', 'template', 2, 8],
    ['a template without quotes', 'image:\n  tag: {{ .Values.tag }}\n', 'template', 2, 8],
    ['a template around it', '{{- if .Values.x }}\nimage:\n  tag: old\n{{- end }}\n', 'template', 1, 1],
    ['a Jinja template', '{% if x %}\nimage:\n  tag: old\n', 'template', 1, 1],
    ['a key that stands twice', 'image:\n  tag: old\n  tag: older\n', 'syntax', 3, 3],
    ['a duplicate elsewhere in the file', 'image:\n  tag: old\n---\na: 1\na: 2\n', 'syntax', 5, 1],
    ['a file that is no YAML', 'image:\n  tag: old\n b: c\n', 'syntax', 3, 1],
    ['a tab as indentation', 'image:\n\ttag: old\n', 'syntax', 2, 1],
    ['a map where a value should be', 'image:\n  tag: {a: 1}\n', 'not a scalar', 2, 8],
    ['an absent value', 'image:\n  tag:\n', 'not a scalar', 2, 7],
    ['an absent key', 'image:\n  x: 1\n', 'not found', 2, 3],
    ['a tag of its own', 'image:\n  tag: !vault old\n', 'tag', 2, 15],
    ['an alias without an anchor', 'image:\n  tag: *t\n', 'syntax', 2, 8],
    ['a key that reaches prototypes', '__proto__: {}\nimage: {tag: old}\n', 'syntax', 1, 1],
    ['a carriage return in a comment', 'image: {tag: old} # a\rb: 1\n', 'syntax', 1, 22],
    ['old Macintosh line endings', 'image: {tag: old}\rb: 1', 'syntax', 1, 18],
  ])('refuses with line and column: %s', (_why, source, ...[kind, line, column]) => {
    const result = set(source);
    expect(result).toMatchObject({ ok: false, refusals: [{ kind, line, column }] });
    expect(result.ok || result.refusals[0].reason).toMatch(/^[A-Zt].{5,}/);
  });

  it('changes nothing at all when one of several edits is refused', () => {
    const result = setScalars('a: 1\nb: |\n  x\n', [
      { document: 0, path: ['a'], value: 'y' },
      { document: 0, path: ['b'], value: 'y' },
    ]);
    expect(result).toMatchObject({ ok: false, refusals: [{ kind: 'block scalar', path: ['b'] }] });
  });

  it('refuses two different values for one place', () => {
    const edits = ['x', 'y'].map((value) => ({ document: 0, path: ['a'], value }));
    expect(setScalars('a: 1\n', edits)).toMatchObject({ ok: false, refusals: [{ kind: 'layout' }] });
  });

  it('refuses a document that is not there', () => {
    expect(setScalars('a: 1\n', [{ document: 3, path: ['a'], value: 'x' }])).toMatchObject({ ok: false });
  });
});
