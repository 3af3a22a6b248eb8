import { describe, expect, it } from 'vitest';
import { findCycles } from './find-cycles.js';

const cyclesOf = (waitsFor: Record<string, string[]>) => findCycles(new Map(Object.entries(waitsFor)));

describe('releases that wait for each other', () => {
  it.each([
    ['none', {}, []],
    ['a chain', { a: ['b'], b: ['c'], c: [] }, []],
    ['a diamond', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
    ['what is not there', { a: ['gone'] }, []],
    ['itself', { a: ['a'] }, [['a']]],
    ['two', { a: ['b'], b: ['a'] }, [['a', 'b']]],
    ['behind a chain', { x: ['a'], a: ['b'], b: ['c'], c: ['a'] }, [['a', 'b', 'c']]],
    ['beside what can begin', { a: ['ready', 'b'], ready: [], b: ['a', 'ready'] }, [['a', 'b']]],
    [
      'two circles',
      { a: ['b'], b: ['a'], c: ['d'], d: ['c'] },
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    ['a name of every object', { constructor: ['toString'], toString: ['constructor'] }, [['constructor', 'toString']]],
    ['the same twice', { a: ['b', 'b'], b: [] }, []],
  ])('are found: %s', (_what, waitsFor, cycles) => {
    expect(cyclesOf(waitsFor as Record<string, string[]>)).toEqual(cycles);
  });

  it('are found among many, in long chains too', () => {
    const chain = Array.from({ length: 50_000 }, (_, at): [string, string[]] => [`r${at}`, [`r${(at + 1) % 50_000}`]]);
    expect(findCycles(new Map(chain)).map(({ length }) => length)).toEqual([50_000]);
  });
});
