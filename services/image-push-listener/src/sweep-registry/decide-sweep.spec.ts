import type { FoundImage } from '@shipit/registries';
import { describe, expect, it } from 'vitest';
import { decideSweep, rememberTags } from './decide-sweep.js';

const since = new Date('2026-06-01T12:00:00Z');
const nothingSeen = new Map<string, never>();

function found(tag: string, hoursAgo: number, content = tag): FoundImage {
  const digest = `sha256:${Buffer.from(content).toString('hex').padEnd(64, '0')}`;
  const image = { registry: 'example.com', repository: 'word-counts', tag, digest };
  return { image, digest, pushedAt: new Date(since.getTime() + (24 - hoursAgo) * 3_600_000) };
}

const told = (images: FoundImage[], seen = rememberTags([])) =>
  decideSweep(images, since, seen).map(({ image, isOrderKnown }) => [image.tag, isOrderKnown]);

describe('decideSweep', () => {
  it.each<[string, FoundImage[], [string, boolean][]]>([
    [
      'tells every push of the last day',
      [found('v1', 5), found('v2', 3)],
      [
        ['v1', true],
        ['v2', true],
      ],
    ],
    ['leaves older ones out where there is a newer', [found('v1', 50), found('v2', 3)], [['v2', true]]],
    [
      'tells the newest of before without an order where nothing came since',
      [found('v1', 50), found('v2', 30)],
      [['v2', false]],
    ],
    [
      'tells all tags of one image',
      [found('v1', 3, 'same'), found('latest', 3, 'same')],
      [
        ['v1', true],
        ['latest', true],
      ],
    ],
    [
      'leaves signatures and charts out',
      [
        found(`sha256-${'a'.repeat(64)}.sig`, 1),
        { ...found('chart', 1), artifactMediaType: 'application/vnd.cncf.helm.config.v1+json' },
      ],
      [],
    ],
    ['tells nothing of an empty repository', [], []],
  ])('%s', (_, images, expected) => {
    expect(told(images)).toEqual(expected);
  });

  it('tells without an order that a tag moved to an older image', () => {
    const before = rememberTags([found('v1', 10), found('prod', 2, 'v2'), found('v2', 2)]);
    const now = [found('v1', 10), found('prod', 10, 'v1'), found('v2', 2)];

    expect(told(now, before)).toEqual([
      ['v1', true],
      ['prod', false],
      ['v2', true],
    ]);
  });

  it('gives the registry push time to a push', () => {
    expect(decideSweep([found('v1', 5)], since, nothingSeen)).toMatchObject([
      { pushedAt: found('v1', 5).pushedAt, origin: 'sweep' },
    ]);
  });
});
