import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyMutation, specPaths } from './mutation.js';
import { mutations } from './mutations.js';

const root = new URL('../../', import.meta.url);

describe('the list of broken rules', () => {
  it('is long enough, and names each rule once', () => {
    expect(mutations.length).toBeGreaterThanOrEqual(40);
    expect(new Set(mutations.map(({ rule }) => rule)).size).toBe(mutations.length);
  });

  it.each(mutations.map((mutation) => [mutation.rule, mutation] as const))('fits the code: %s', (_rule, mutation) => {
    const source = readFileSync(new URL(mutation.file, root), 'utf8');
    expect(applyMutation(source, mutation)).not.toBe(source);
    expect(mutation.specs).not.toEqual([]);
    for (const path of specPaths(mutation)) expect(existsSync(new URL(path, root)), path).toBe(true);
  });

  it('is found out of date where the code moved on', () => {
    const mutation = { rule: 'a rule', file: 'a.ts', from: 'x', to: 'y', specs: ['a'] };
    expect(() => applyMutation('nothing', mutation)).toThrow('0 times');
    expect(() => applyMutation('x x', mutation)).toThrow('2 times');
    expect(applyMutation('a x', { ...mutation, to: '$&' })).toBe('a $&');
  });
});
