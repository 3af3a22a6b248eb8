import fc from 'fast-check';
import { compare } from 'semver';
import { describe, expect, it } from 'vitest';
import { compareImages, type ImageOrder, type TaggedImage } from './compare-images.js';
import { parseTagPolicy } from './tag-policy.js';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;
const monday = '2026-11-16T10:00:00Z';
const tuesday = '2026-11-17T10:00:00Z';
const big = '9'.repeat(40);

type Case = [title: string, policy: string, images: [current: TaggedImage, candidate: TaggedImage], order: ImageOrder];

describe('a pushed image beside the current one', () => {
  it.each<Case>([
    [
      'is newer when its tag was pushed later',
      'git-sha',
      [
        { tag: b, pushedAt: monday },
        { tag: a, pushedAt: tuesday },
      ],
      'newer',
    ],
    [
      'is older when its tag was pushed earlier',
      'git-sha',
      [
        { tag: a, pushedAt: tuesday },
        { tag: b, pushedAt: monday },
      ],
      'older',
    ],
    [
      'is the same with the same tag and digest',
      'git-sha',
      [
        { tag: a, digest: one, pushedAt: monday },
        { tag: a, digest: one, pushedAt: tuesday },
      ],
      'same',
    ],
    [
      'is the same with the same tag where the file has no digest',
      'git-sha',
      [{ tag: a }, { tag: a, digest: one, pushedAt: tuesday }],
      'same',
    ],
    [
      'is newer when the same tag moved to another digest later',
      'any',
      [
        { tag: 'main', digest: one, pushedAt: monday },
        { tag: 'main', digest: two, pushedAt: tuesday },
      ],
      'newer',
    ],
    [
      'is of unknown order when one tag has two digests at one time',
      'any',
      [
        { tag: 'main', digest: one, pushedAt: monday },
        { tag: 'main', digest: two, pushedAt: monday },
      ],
      'unknown',
    ],
    [
      'is of unknown order when nobody knows when the current tag was pushed',
      'git-sha',
      [{ tag: a }, { tag: b, pushedAt: tuesday }],
      'unknown',
    ],
    [
      'is of unknown order when nobody knows when it was pushed',
      'git-sha',
      [{ tag: a, pushedAt: monday }, { tag: b }],
      'unknown',
    ],
    [
      'is of unknown order when the time is none',
      'git-sha',
      [
        { tag: a, pushedAt: monday },
        { tag: b, pushedAt: 'yesterday' },
      ],
      'unknown',
    ],
    [
      'is ordered by name when both were pushed in the same second',
      'git-sha',
      [
        { tag: a, pushedAt: monday },
        { tag: b, pushedAt: monday },
      ],
      'newer',
    ],
    [
      'is never newer both ways when both were pushed in the same second',
      'git-sha',
      [
        { tag: b, pushedAt: monday },
        { tag: a, pushedAt: monday },
      ],
      'older',
    ],
    [
      'is newer with a higher version, even if pushed earlier',
      'semver:*',
      [
        { tag: '1.2.0', pushedAt: tuesday },
        { tag: '1.10.0', pushedAt: monday },
      ],
      'newer',
    ],
    [
      'is older with a lower version, even if pushed later',
      'semver:*',
      [
        { tag: '1.10.0', pushedAt: monday },
        { tag: '1.2.0', pushedAt: tuesday },
      ],
      'older',
    ],
    ['needs no push times where versions decide', 'semver:*', [{ tag: '1.2.0' }, { tag: '1.2.1' }], 'newer'],
    ['is newer as the release of its pre-release', 'semver:*', [{ tag: '1.2.0-rc.2' }, { tag: '1.2.0' }], 'newer'],
    [
      'is compared by long numbers in a pre-release',
      'semver:*',
      [{ tag: `1.0.0-${big}8` }, { tag: `1.0.0-${big}9` }],
      'newer',
    ],
    [
      'is newer by the last digit of a pre-release',
      'semver:*',
      [{ tag: `v1.0.0-${big}8` }, { tag: `1.0.0-${big}9` }],
      'newer',
    ],
    [
      'is older by a shorter number in a pre-release',
      'semver:*',
      [{ tag: `1.0.0-rc.${big}` }, { tag: '1.0.0-rc.10' }],
      'older',
    ],
    ['is newer with one more identifier', 'semver:*', [{ tag: '1.0.0-rc' }, { tag: '1.0.0-rc.0' }], 'newer'],
    ['is newer as a word beside a number', 'semver:*', [{ tag: '1.0.0-9' }, { tag: '1.0.0-a' }], 'newer'],
    [
      'is newer by push where two tags are one version',
      'semver:*',
      [
        { tag: 'v1.2.0', pushedAt: monday },
        { tag: '1.2.0', pushedAt: tuesday },
      ],
      'newer',
    ],
    [
      'is newer by push where the current tag is from before the policy',
      'semver:*',
      [
        { tag: a, pushedAt: monday },
        { tag: '1.0.0', pushedAt: tuesday },
      ],
      'newer',
    ],
    [
      'is of unknown order where the current tag is no version and its push is unknown',
      'semver:*',
      [{ tag: a }, { tag: '1.0.0', pushedAt: tuesday }],
      'unknown',
    ],
    [
      'is of unknown order where it is no version itself',
      'semver:*',
      [
        { tag: '1.0.0', pushedAt: monday },
        { tag: 'next', pushedAt: tuesday },
      ],
      'unknown',
    ],
    ['is newer with a higher captured number', 'regex:^b(\\d+)', [{ tag: 'b9-x' }, { tag: 'b10-x' }], 'newer'],
    ['is compared by numbers of any length', 'regex:^b(\\d+)', [{ tag: `b${big}8` }, { tag: `b${big}9` }], 'newer'],
    ['is newer by its last digit', 'regex:^b(\\d+)', [{ tag: `b${big}8` }, { tag: `b0${big}9` }], 'newer'],
    ['is older with a lower number of any length', 'regex:^b(\\d+)', [{ tag: `b${big}` }, { tag: 'b10' }], 'older'],
    [
      'is ordered by push where the numbers are equal',
      'regex:^b(\\d+)',
      [
        { tag: 'b7-a', pushedAt: tuesday },
        { tag: 'b7-b', pushedAt: monday },
      ],
      'older',
    ],
    [
      'takes 007 and 7 as the same number',
      'regex:^b(\\d+)',
      [
        { tag: 'b007', pushedAt: monday },
        { tag: 'b7', pushedAt: tuesday },
      ],
      'newer',
    ],
    [
      'is of unknown order where what is captured is no number',
      'regex:^(\\w+)',
      [
        { tag: 'x1', pushedAt: monday },
        { tag: 'x2', pushedAt: tuesday },
      ],
      'unknown',
    ],
    [
      'is newer by push where the pattern captures nothing',
      'regex:^main-',
      [
        { tag: 'main-9', pushedAt: monday },
        { tag: 'main-1', pushedAt: tuesday },
      ],
      'newer',
    ],
    [
      'is of unknown order beside a place with no tag',
      'git-sha',
      [{ digest: one }, { tag: a, digest: two }],
      'unknown',
    ],
  ])('%s', (_title, policy, [current, candidate], order) => {
    expect(compareImages(parseTagPolicy(policy), current, candidate)).toBe(order);
  });

  it('orders versions as SemVer does', () => {
    const part = fc.constantFrom('0', '1', '10', 'a', 'b1', 'rc', '-');
    const version = fc.record({
      core: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }),
      pre: fc.array(part, { maxLength: 3 }),
    });
    const text = version.map(({ core, pre }) => `${core.join('.')}${pre.length > 0 ? `-${pre.join('.')}` : ''}`);
    fc.assert(
      fc.property(text, text, (current, candidate) => {
        const order = (['older', 'same', 'newer'] as const)[compare(candidate, current) + 1];
        expect(compareImages(parseTagPolicy('semver:*'), { tag: current }, { tag: candidate })).toBe(order);
      }),
      { numRuns: 1000 },
    );
  });

  it('never moves forward both ways', () => {
    const image = fc.record({
      tag: fc.constantFrom('1.0.0', 'v1.0.0', '1.1.0', 'b1', 'b2', 'b02', a, b),
      digest: fc.constantFrom(one, two, undefined),
      pushedAt: fc.constantFrom(monday, tuesday, undefined),
    });
    const policy = fc.constantFrom('git-sha', 'any', 'semver:*', 'regex:^b(\\d+)', 'regex:^b');
    fc.assert(
      fc.property(policy, image, image, (text, left, right) => {
        const orders = [left, right].map((from, at) => compareImages(parseTagPolicy(text), from, [right, left][at]!));
        expect(orders).not.toEqual(['newer', 'newer']);
      }),
      { numRuns: 1000 },
    );
  });
});
