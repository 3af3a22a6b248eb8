import { describe, expect, it } from 'vitest';
import { pathMatcher, PatternError } from './match-path.js';

describe('a pattern of Helm', () => {
  it.each([
    ['a*c', 'abbc', true],
    ['a*c', 'ab/c', false],
    ['*', '', true],
    ['*', 'a/b', false],
    ['a/*', 'a/b', true],
    ['a/*/c', 'a/b/c', true],
    ['a?c', 'aéc', true],
    ['a?c', 'a/c', false],
    ['a[/]c', 'a/c', true],
    ['a[^b]c', 'a/c', true],
    ['[a-c]x', 'bx', true],
    ['[c-a]x', 'bx', false],
    ['[^c-a]x', 'bx', true],
    ['[\\]-^]', ']', true],
    ['[*]', '*', true],
    ['[*]', 'a', false],
    ['\\*', '*', true],
    ['\\*', 'a', false],
    ['a.b', 'axb', false],
    ['a', 'ab', false],
    ['', '', true],
    ['{a,b}', 'a', false],
    ['🎉?', '🎉🎉', true],
    ['*a*b', 'xaxaxb', true],
    ['*[^a]*b', 'x/yb', false],
    ['a**b', 'ab', true],
    ['*b?', 'abcbc', true],
  ])('%s and %s: %s', (pattern, path, isMatch) => {
    expect(pathMatcher(pattern)(path)).toBe(isMatch);
  });

  it('with many stars does not keep anybody waiting', () => {
    expect(pathMatcher(`${'*a'.repeat(50)}*b`)('a'.repeat(250))).toBe(false);
    expect(pathMatcher(`${'*'.repeat(50)}b`)('a'.repeat(250))).toBe(false);
  });

  it.each(['[', '[]', '[a', '[a-', '[^]', '[]a]', '[-a]', 'a\\', '[a-\\', 'x*['])(
    'is refused where it is none: %s',
    (pattern) => {
      expect(() => pathMatcher(pattern)).toThrow(PatternError);
    },
  );
});
