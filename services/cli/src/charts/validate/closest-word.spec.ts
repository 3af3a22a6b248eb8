import { describe, expect, it } from 'vitest';
import { closestWord } from './closest-word.js';

describe('the word that was probably meant', () => {
  const known = ['values', 'valuesFrom', 'chart', 'name', 'timeout'];

  it.each([
    ['vales', 'values'],
    ['valeus', 'values'],
    ['Values', 'values'],
    ['valuesfrom', 'valuesFrom'],
    ['nam', 'name'],
    ['tiemout', 'timeout'],
    ['suspend', undefined],
    ['x', undefined],
    ['', undefined],
    ['v'.repeat(1_000_000), undefined],
  ])('of %.20s is %s', (word, meant) => {
    expect(closestWord(word, known)).toBe(meant);
  });

  it('is the nearest of several', () => {
    expect(closestWord('team-b/wbe', ['team-a/web', 'team-b/web'])).toBe('team-b/web');
  });

  it('is not another namespace with the same name, however long the name is', () => {
    expect(closestWord('default/b', ['default/c', 'default/d'])).toBeUndefined();
  });
});
