import { parseTagPolicy } from '@shipit/images';
import { describe, expect, it } from 'vitest';
import { isStepBack, type TagChange } from './step-back.js';

const monday = '2026-11-16T10:00:00Z';
const tuesday = '2026-11-17T10:00:00Z';
const base: TagChange = {
  isByPerson: true,
  tagPolicy: parseTagPolicy('any'),
  before: { tag: 'b', pushedAt: tuesday },
  after: { tag: 'a', pushedAt: monday },
  earlierTags: [],
};

describe('a commit that sets a tag', () => {
  it.each<[string, Partial<TagChange>, boolean]>([
    ['is a step back when a person sets an older one', {}, true],
    ['is none when Ship-it made it', { isByPerson: false }, false],
    ['is none when the tag is newer', { before: base.after, after: base.before }, false],
    ['is none when the tag stays', { after: base.before }, false],
    ['is none when the tag goes away', { after: {} }, false],
    [
      'is a step back to a lower version, even if pushed later',
      {
        tagPolicy: parseTagPolicy('semver:*'),
        before: { tag: '1.2.0', pushedAt: monday },
        after: { tag: '1.1.0', pushedAt: tuesday },
      },
      true,
    ],
    [
      'is a step back to a tag of before when nobody knows the times',
      { before: { tag: 'b' }, after: { tag: 'a' }, earlierTags: ['a'] },
      true,
    ],
    [
      'is none to a tag that was never there when nobody knows the times',
      { before: { tag: 'b' }, after: { tag: 'a' } },
      false,
    ],
    [
      'is none to a newer tag, though it was there before',
      { before: base.after, after: base.before, earlierTags: ['b'] },
      false,
    ],
    ['is a step back when the policy cannot be read', { tagPolicy: undefined }, true],
  ])('%s', (_title, change, expected) => {
    expect(isStepBack({ ...base, ...change })).toBe(expected);
  });
});
