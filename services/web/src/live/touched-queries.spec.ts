import { expect, it } from 'vitest';
import { anEvent, image, progress } from '../../test/an-event.js';
import { touchedQueries } from './touched-queries.js';

const { release } = progress;
const pushedAt = '2026-11-21T04:07:41Z';

it('asks for the list and the one release when a state may have changed', () => {
  expect(touchedQueries(anEvent('release.deployed', progress))).toEqual([['releases'], ['release', release]]);
});

it('asks for the release alone when only its explanation changed', () => {
  const data = { release, image, pushedAt, reason: 'older', message: 'a newer one runs', commit: '' };
  expect(touchedQueries(anEvent('release.candidate', data))).toEqual([['release', release]]);
});

it('asks for nothing when no release is touched', () => {
  expect(touchedQueries(anEvent('image.pushed', { image, pushedAt, origin: 'event' }))).toEqual([]);
});
