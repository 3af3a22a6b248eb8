import { describe, expect, it } from 'vitest';
import { parseHelmIgnore } from './helm-ignore.js';

describe('.helmignore', () => {
  it.each([
    ['*.bak', 'deep/a.bak', true],
    ['/top', 'top', true],
    ['/top', 'deep/top', false],
    ['deep/*', 'deep/a', true],
    ['deep/*', 'more/deep/a', false],
    ['# a', 'a', false],
    ['  a  ', 'a', true],
    ['\uFEFFa', 'a', true],
    ['', 'templates/.swp', true],
    ['', 'charts/b/templates/.swp', false],
    // Unlike git: what a negated rule does not match is left out, and the first rule that says something decides.
    ['!a', 'b', true],
    ['!a', 'a', false],
    ['a\n!a', 'a', true],
    ['!a/', 'a', true],
    // A mistake behind a star that Helm does not see: the rule matches nothing.
    ['x*[', 'x', false],
  ])('%j and the file %s: %s', (text, path, isLeftOut) => {
    expect(parseHelmIgnore(text)(path, false)).toBe(isLeftOut);
  });

  it('takes a rule that ends with a slash for folders only', () => {
    const isIgnored = parseHelmIgnore('notes/');
    expect([isIgnored('deep/notes', true), isIgnored('notes', false)]).toEqual([true, false]);
  });

  it.each(['a/**/b', '[', 'a*[', '*['])('is refused with %s, as Helm refuses it', (text) => {
    expect(() => parseHelmIgnore(text)).toThrow(/double-star|syntax error in pattern/);
  });
});
