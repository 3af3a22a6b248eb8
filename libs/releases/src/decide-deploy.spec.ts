import { type DecisionReason, decisionReasons } from '@shipit/contracts';
import { parseTagPolicy } from '@shipit/images';
import { describe, expect, it } from 'vitest';
import {
  decideDeclaredTwice,
  decideDeploy,
  decideSuperseded,
  decideUnreadable,
  decideUnused,
} from './decide-deploy.js';
import type { PushToDecide } from './decide-push.js';

const [a, b] = ['a'.repeat(40), 'b'.repeat(40)];
const [one, two] = [`sha256:${'1'.repeat(64)}`, `sha256:${'2'.repeat(64)}`];
const [monday, tuesday, wednesday] = ['2026-11-16T10:00:00Z', '2026-11-17T10:00:00Z', '2026-11-18T10:00:00Z'];
const lock = { locked: [], held: [], blocked: [], by: undefined, at: undefined, until: undefined };
const newer: PushToDecide = {
  release: 'default/app',
  pushed: { registry: 'e.com', repository: 'app', tag: b, digest: two, pushedAt: tuesday },
  current: [{ tag: a, digest: one, pushedAt: monday }],
  autodeploy: true,
  tagPolicy: parseTagPolicy('git-sha'),
  isSuspended: false,
  lock,
};

function decide(change: Partial<PushToDecide>, text = `image: e.com/app:${a}\n`) {
  return decideDeploy({ ...newer, ...change }, { path: 'app.yaml', text, document: 0 });
}

const cases: readonly [reason: DecisionReason, change: Partial<PushToDecide>, text?: string][] = [
  ['newer', {}],
  ['same', { current: [{ tag: b }] }],
  ['same', {}, `image: e.com/app:${b}\n`],
  ['older', { current: [{ tag: a, pushedAt: wednesday }] }],
  ['order unknown', { current: [{ tag: a }] }],
  ['tag not allowed', { tagPolicy: parseTagPolicy('semver:*') }],
  ['autodeploy off', { autodeploy: false }],
  ['suspended', { isSuspended: true }],
  ['locked', { lock: { ...lock, locked: ['freeze'] } }],
  ['held', { lock: { ...lock, held: ['rolled back'] } }],
  ['blocked', { lock: { ...lock, blocked: [{ image: 'e.com/app:x', digest: two, pushed: tuesday }] } }],
  ['not used here', { current: [] }],
  ['not used here', {}, 'image: e.com/other:x\n'],
  ['cannot be edited', {}, `image: &i e.com/app:${a}\nb: *i\n`],
];

describe('a decision and its edit', () => {
  it.each(cases)('is told by one word of the table: %s (%#)', (reason, change, text) => {
    const decision = decide(change, text);
    expect(decision).toMatchObject({ reason, action: reason === 'newer' ? 'commit' : 'none' });
    expect(decision.message).toMatch(/^[A-Za-z0-9]/);
  });

  it('has a case for every word', () => {
    expect(new Set(cases.map(([reason]) => reason))).toEqual(new Set(decisionReasons));
  });

  it('comes with the file as it is to be committed, and with none where nothing is', () => {
    expect(decide({})).toMatchObject({ text: `image: e.com/app:${b}\n` });
    expect(decide({ autodeploy: false })).not.toHaveProperty('text');
  });

  it('tells what only the committer sees with the same words', () => {
    const others = [decideSuperseded({ tag: b }), decideDeclaredTwice('default/app'), decideUnreadable('a.yaml')];
    others.push(decideUnused({ registry: 'e.com', repository: 'app' }, ''));
    expect(others.map(({ reason }) => reason)).toEqual([
      'older',
      'cannot be edited',
      'cannot be edited',
      'not used here',
    ]);
    expect(others.every(({ action }) => action === 'none')).toBe(true);
  });
});
