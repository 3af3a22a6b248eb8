import { describe, expect, it } from 'vitest';
import { formatTagPolicy, isTagAllowed, parseTagPolicy, TagPolicyError } from './tag-policy.js';

const sha = '78bc9ccf64eb838c6a0e0492ded722274925e2bd';

describe('a tag policy', () => {
  it.each([
    ['allows a commit id by default', undefined, sha, true],
    ['allows a commit id where the annotation is empty', '', sha, true],
    ['refuses a short commit id', 'git-sha', sha.slice(0, 7), false],
    ['refuses capitals in a commit id', 'git-sha', sha.toUpperCase(), false],
    ['refuses a commit id with a suffix', 'git-sha', `${sha}-dirty`, false],
    ['refuses latest by default', undefined, 'latest', false],
    ['allows everything that is a tag with any', 'any', 'Latest_1.x', true],
    ['refuses what is no tag even with any', 'any', 'a b', false],
    ['refuses a tag with a digest', 'any', `v1@sha256:${'0'.repeat(64)}`, false],
    ['allows a version in the range', 'semver:^1.2', '1.9.0', true],
    ['allows a version with a v', 'semver:^1.2', 'v1.9.0', true],
    ['refuses a version beyond the range', 'semver:^1.2', '2.0.0', false],
    ['refuses a pre-release that the range does not name', 'semver:^1.2', '1.9.0-rc.1', false],
    ['allows a pre-release that the range names', 'semver:>=1.9.0-rc.0 <2', '1.9.0-rc.1', true],
    ['refuses half a version', 'semver:*', '1.9', false],
    ['allows what the pattern matches', 'regex:^main-[0-9a-f]{7}-(\\d+)$', 'main-78bc9cc-12', true],
    ['refuses what the pattern does not match', 'regex:^main-[0-9a-f]{7}-(\\d+)$', 'feature-78bc9cc-12', false],
    ['matches anywhere where the pattern has no anchors', 'regex:release', 'my-release-1', true],
  ])('%s', (_title, policy, tag, isAllowed) => {
    expect(isTagAllowed(parseTagPolicy(policy), tag)).toBe(isAllowed);
  });

  it.each([
    ['an unknown word', 'newest'],
    ['an empty range', 'semver:'],
    ['a range that is none', 'semver:one'],
    ['a very long range', `semver:${'1 || '.repeat(100)}1`],
    ['an empty pattern', 'regex:'],
    ['a broken pattern', 'regex:('],
    ['a look-ahead', 'regex:^(?=a)'],
    ['a back-reference', 'regex:(a)\\1'],
    ['two captures', 'regex:(a)(b)'],
    ['a very long pattern', `regex:${'a'.repeat(201)}`],
  ])('is refused with a sentence: %s', (_why, text) => {
    expect(() => parseTagPolicy(text)).toThrow(TagPolicyError);
  });

  it.each(['git-sha', 'any', 'semver:^1.2', 'regex:^v(\\d+)$'])('is printed as it was written: %s', (text) => {
    expect(formatTagPolicy(parseTagPolicy(text))).toBe(text);
  });

  it.each(['^(a+)+$', '(a|aa)+$', 'a*a*a*a*a*a*a*b', '(.*)*x', '([a-z]+)*[A-Z]'])(
    'answers at once for a pattern that would hang a backtracking engine: %s',
    (pattern) => {
      const startedAt = performance.now();
      isTagAllowed(parseTagPolicy(`regex:${pattern}`), `${'a'.repeat(127)}!`.slice(0, 127));
      expect(performance.now() - startedAt).toBeLessThan(1000);
    },
  );
});
