import { describe, expect, it } from 'vitest';
import { readFilter, statesOf, writeFilter } from './release-filter.js';

describe('The filter in the address', () => {
  it('is read as it was written', () => {
    const filter = writeFilter('word counts', ['Failed', 'RolledBack']);
    expect(filter).toEqual({ q: 'word counts', state: 'Failed,RolledBack' });
    expect(readFilter({ ...filter })).toEqual(filter);
    expect(statesOf(filter.state)).toEqual(['Failed', 'RolledBack']);
  });

  it('is absent where nothing is narrowed', () => {
    expect(writeFilter('', [])).toEqual({});
    expect(readFilter({})).toEqual({});
  });

  it.each([
    ['states that there are not', { state: 'Failed,Exploded,Failed' }, { state: 'Failed' }],
    ['other things than text', { q: { a: 1 }, state: ['Failed'] }, {}],
    ['a number, which is text', { q: 499 }, { q: '499' }],
    ['too much text', { q: 'x'.repeat(1_000) }, { q: 'x'.repeat(200) }],
  ])('leaves out %s', (_what, search, filter) => {
    expect(readFilter(search)).toEqual(filter);
  });
});
