import fc from 'fast-check';
import { compare, parse, Range, satisfies, validRange } from 'semver';
import { describe, expect, it } from 'vitest';
import { SemanticVersion } from './semantic-version.js';

const part = fc.constantFrom('0', '1', '2', '10', 'a', 'b1', 'rc', '-', '0a', '00');
const version = fc
  .record({ core: fc.array(fc.nat(3), { minLength: 3, maxLength: 3 }), pre: fc.array(part, { maxLength: 3 }) })
  .map(({ core, pre }) => `${core.join('.')}${pre.length > 0 ? `-${pre.join('.')}` : ''}`);
const number = fc.constantFrom('0', '1', '2', '3', 'x');
const range = fc
  .tuple(
    fc.constantFrom('', '^', '~', '>', '>=', '<', '<='),
    number,
    number,
    fc.constantFrom('', '.1', '.2-rc', '.0-0'),
  )
  .map(([operator, major, minor, rest]) => `${operator}${major}.${minor}${minor === 'x' ? '' : rest}`);
const long = '9'.repeat(30);

function read(tag: string): SemanticVersion {
  const found = SemanticVersion.read(tag);
  if (!found) throw new Error(`${tag} is no version`);
  return found;
}

describe('a version', () => {
  it('is read, ordered and let through as the library does it', () => {
    const ranges = fc.array(range, { minLength: 1, maxLength: 2 }).map((texts) => texts.join(' '));
    fc.assert(
      fc.property(version, version, ranges, fc.constantFrom(' ', ' || '), (one, other, text, joint) => {
        const written = text.replace(' ', joint);
        fc.pre(validRange(written) !== null);
        const wanted = new Range(written);
        expect(SemanticVersion.read(one) !== undefined).toBe(parse(one) !== null);
        if (!parse(one) || !parse(other)) return;
        expect(Math.sign(read(one).compare(read(other)))).toBe(compare(one, other));
        expect(read(one).isIn(wanted)).toBe(satisfies(one, wanted));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    [`1.0.${long}8`, `1.0.${long}9`],
    [`${long}8.0.0`, `${long}9.0.0`],
    [`1.0.0-${long}8`, `1.0.0-${long}9`],
    [`1.0.0-rc.9`, `1.0.0-rc.${long}`],
  ])('has numbers of any length: %s is before %s', (one, other) => {
    expect(read(one).compare(read(other))).toBeLessThan(0);
    expect(read(other).compare(read(one))).toBeGreaterThan(0);
  });

  it.each([
    [`1.0.${long}`, '^1.0.0', true],
    [`1.${long}.0`, '*', true],
    [`${long}.0.0`, '<2', false],
    [`v1.0.${long}`, '~1.0.5', true],
    [`1.0.${long}-rc`, '^1.0.0', false],
  ])('%s in %s: %s', (tag, text, isIn) => {
    expect(read(tag).isIn(new Range(text))).toBe(isIn);
  });

  it.each(['1.0', '01.0.0', '1.0.0-', '1.0.0-01', 'latest', '1.0.0.0', 'vv1.0.0', '1.0.0 '])('is none: %j', (tag) => {
    expect(SemanticVersion.read(tag)).toBeUndefined();
  });
});
