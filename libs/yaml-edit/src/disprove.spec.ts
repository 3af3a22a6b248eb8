import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlias, isCollection, isPair, isScalar, parseAllDocuments } from 'yaml';
import { disprove } from './disprove.js';
import { parseFile } from './parse-file.js';

/** Everything that a whole parse tells of a text; what stands at the offset is only said to be that value. */
function outline(text: string, offset: number, value: string): unknown[] {
  const parts: unknown[] = [];
  const add = (node: unknown): void => {
    if (isPair(node)) return [node.key, node.value].forEach(add);
    if (!isAlias(node) && !isScalar(node) && !isCollection(node)) return void parts.push('nothing');
    parts.push(node.comment, node.commentBefore, node.tag, isAlias(node) ? node.source : node.anchor);
    if (isScalar(node) && node.range?.[0] === offset) parts.push('set', node.value === value);
    else if (isScalar(node)) parts.push(node.type, node.source, node.value);
    if (isCollection(node)) parts.push(node.constructor.name, node.flow, node.items.length);
    if (isCollection(node)) node.items.forEach(add);
  };
  for (const { contents, directives, comment, commentBefore, errors } of parseAllDocuments(text, {
    prettyErrors: false,
  })) {
    parts.push(directives.yaml, directives.tags, comment, commentBefore, errors.length);
    add(contents);
  }
  return parts;
}

const sources = [
  'a: here # c\nb: [1, {c: d}]\n',
  'a: {x: here, y: "z"}\n',
  'a: [here, &x b, *x]\n',
  "- 'here'\n- b: 1\n  c: 2\n",
  '- a: here\n  b: |\n    text\n- c\n',
  'x: "here"\r\n# ü\r\n---\r\ny: 1\r\n',
  'a: !!str here\nb: c',
  'a: here\n...\n# end\n---\nb: 1\n',
  '%YAML 1.1\n---\na: here\nb: yes\n',
  'a:\n  here\nb: 1\n',
  '? k\n: here\n? l\n: - m\n  - n\n',
  '{"a":"here","b":1}',
  '[a: here, b]',
  'here',
];
const words = ['x', 'ä', '1.10', 'yes', '"', "'", "''", '\\"', ': ', '- ', ' #', '#', ',', '[', '}', '&a ', '*x', '|'];
const marks = [' ', '\n', '\n  ', '\n- ', '\n---\n', '...', '? ', '!!str ', '%', '`', '@', '\t', '\r\n', '\u0000'];
const text = fc
  .array(fc.constantFrom(...words, ...marks), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.join(''));

/** The text in the place of the word `here`, within its quotes or instead of them. */
function replace(source: string, isWithinQuotes: boolean, inserted: string) {
  const [whole = '', before = '', open = '', close = ''] = /^([^]*?)(["']?)here(["']?)/.exec(source) ?? [];
  const text = isWithinQuotes ? open + inserted + close : inserted;
  return { start: before.length, text, edited: before + text + source.slice(whole.length) };
}

describe('reading an edited text again', () => {
  it('accepts no text that a whole parse reads as another file', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.constantFrom(...sources), fc.boolean(), text, (source, isWithinQuotes, inserted) => {
        const { edited, ...set } = replace(source, isWithinQuotes, inserted);
        const parsed = parseFile(source);
        if (!parsed.ok) throw new Error(parsed.refusals[0].reason);
        for (const value of [inserted, inserted.slice(1, -1), inserted.replaceAll("''", "'")]) {
          if (disprove(parsed.file, edited, [{ ...set, value }])) continue;
          accepted += 1;
          expect(outline(edited, set.start, value)).toEqual(outline(source, set.start, 'here'));
        }
      }),
      { numRuns: 5000 },
    );
    expect(accepted).toBeGreaterThan(200);
  });

  it.each([
    ['a comment that begins in the value', 'a: here\n', 'x #y', 'x #y'],
    ['a number', 'a: here\n', '1.10', '1.10'],
    ['another value than the one asked for', 'a: here\n', 'x', 'y'],
    ['a second key', 'a: here\n', 'x\nb: y', 'x\nb: y'],
    ['a second document', 'a: here\n', 'x\n---\nb', 'x\n---\nb'],
    ['a comma in brackets', 'a: [here]\n', 'x, y', 'x, y'],
    ['an anchor', 'a: here\n', '&b x', '&b x'],
    ['quotes that do not end', 'a: here\nb: "c"\n', '"x', 'x'],
    ['nothing', 'a: here\n', '', ''],
  ])('finds %s', (_what, source, inserted, value) => {
    const parsed = parseFile(source);
    const set = { start: source.indexOf('here'), text: inserted, value };
    expect(parsed.ok && disprove(parsed.file, source.replace('here', inserted), [set])).toBe(set);
  });

  it('finds a byte that changed elsewhere, and one too many at the end', () => {
    const parsed = parseFile('a: here\nb: 1\n');
    const set = { start: 3, text: 'x', value: 'x' };
    for (const edited of ['a: x\nb: 2\n', 'a: x\n', 'a: x\nb: 1\nc: 1\n', 'a: x\nb: 1 # c\n', 'a: here\nb: 1\n'])
      expect(parsed.ok && disprove(parsed.file, edited, [set])).toBe(set);
    expect(parsed.ok && disprove(parsed.file, 'a: x\nb: 1\n', [set])).toBeUndefined();
  });
});
