import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withBlock, withHold, withLock, withoutHold, withoutLock } from './edit-locks.js';
import { lockOf, readLocks } from './locks.js';

const release = 'team/app';
const person = { by: 'ann', at: '2026-11-21T03:00:00Z', reason: 'a "freeze": # of all' };
const blocked = [{ image: 'e.com/app:v1', digest: `sha256:${'1'.repeat(64)}` }];

const others = fc.constantFrom(
  'resource_locks:\n  a/b: {reasons: [x]} # why\n',
  'resource_locks:\n  # one\n  a/b:\n    reasons:\n      - x\n\n  # two\n  team/app2:\n    reasons: ["ü"]\n    owner: me\n',
  'resource_locks: {a/b: {reasons: [x]}} # flow\n',
  'resource_locks: {}\n',
);
const file = fc
  .record({
    head: fc.constantFrom('', '# locks\n', '---\n', 'version: 1\n', 'version: 1 # v\n\nenv_lock:\n  reasons: []\n'),
    others,
    tail: fc.constantFrom('', '# end\n', 'env_lock2: {reasons: []}\n', '\n\n'),
    eol: fc.constantFrom('\n', '\r\n'),
    bom: fc.constantFrom('', '\ufeff'),
  })
  .map(({ head, others: locks, tail, eol, bom }) => bom + `${head}${locks}${tail}`.replaceAll('\n', eol));

function textOf(result: ReturnType<typeof withLock>): string {
  if (!result.ok) throw new Error(result.refusals[0].reason);
  return result.text;
}

function lockIn(text: string) {
  const read = readLocks(text);
  if (!read.ok) throw new Error(read.problem);
  return lockOf(read.locks, release, new Date(person.at));
}

describe('locks.yaml of any shape', () => {
  it('is byte for byte what it was after a lock and an unlock', () => {
    fc.assert(
      fc.property(file, (before) => {
        const locked = textOf(withLock(before, release, person));
        expect(lockIn(locked).locked).toEqual([person.reason]);
        expect(withLock(locked, release, person)).toMatchObject({ isChanged: false });
        expect(textOf(withoutLock(locked, release))).toBe(before);
      }),
    );
  });

  it('is byte for byte what it was after a hold, a block and a resume', () => {
    fc.assert(
      fc.property(file, (before) => {
        const held = textOf(withBlock(textOf(withHold(before, release, person)), release, blocked));
        expect(lockIn(held)).toMatchObject({ locked: [], held: [person.reason], blocked });
        expect(textOf(withoutHold(held, release))).toBe(before);
      }),
    );
  });
});
