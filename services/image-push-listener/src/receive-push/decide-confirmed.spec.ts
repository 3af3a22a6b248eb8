import { describe, expect, it } from 'vitest';
import { decideConfirmed } from './decide-confirmed.js';

const registry = '723255503624.dkr.ecr.us-east-1.amazonaws.com';
const digest = `sha256:${'a'.repeat(64)}`;
const claim = { registry, repository: 'word-counts', tag: 'v1', digest, pushedAt: new Date('2026-06-01T12:00:00Z') };
const image = { registry, repository: 'word-counts', tag: 'v1', digest };
const at = (time: string) => ({ digest, pushedAt: new Date(time) });

describe('decideConfirmed', () => {
  it.each([
    [
      'takes the exact time of the registry for an image pushed with its tag',
      '2026-06-01T12:00:00.700Z',
      '2026-06-01T12:00:00.700Z',
      false,
    ],
    ['takes it where the event tells a moment later', '2026-06-01T11:59:58.500Z', '2026-06-01T11:59:58.500Z', false],
    [
      'takes the time of the event where the tag moved to an image of before',
      '2026-06-01T09:00:00Z',
      '2026-06-01T12:00:00.000Z',
      true,
    ],
    ['never takes a time before the image was there', '2026-06-01T13:00:00Z', '2026-06-01T13:00:00.000Z', false],
  ])('%s', (_, imagePushedAt, pushedAt, isRetagged) => {
    expect(decideConfirmed(claim, at(imagePushedAt))).toEqual({
      outcome: 'confirmed',
      push: { image, pushedAt: new Date(pushedAt), origin: 'event', isOrderKnown: true, isRetagged },
    });
  });

  it('believes the registry where the message names no digest', () => {
    const decision = decideConfirmed({ ...claim, digest: undefined }, at('2026-06-01T12:00:00Z'));

    expect(decision).toMatchObject({ outcome: 'confirmed', push: { image } });
  });

  it.each([
    ['an image that the registry does not know', undefined, 'not in the registry'],
    [
      'a digest that the tag does not have (any more)',
      { ...at('2026-06-01T12:00:00Z'), digest: `sha256:${'b'.repeat(64)}` },
      'superseded',
    ],
    [
      'what turns out to be no container image',
      { ...at('2026-06-01T12:00:00Z'), artifactMediaType: 'application/vnd.cncf.helm.config.v1+json' },
      'not a container image',
    ],
  ])('ignores %s', (_, actual, reason) => {
    expect(decideConfirmed(claim, actual)).toMatchObject({ outcome: 'ignored', reason });
  });
});
