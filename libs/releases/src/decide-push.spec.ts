import { type DecisionReason, decisionReasons } from '@shipit/contracts';
import { parseTagPolicy } from '@shipit/images';
import { describe, expect, it } from 'vitest';
import { decideCommitted, decidePush, decideRefused, type PushToDecide } from './decide-push.js';
import type { ReleaseLock } from './locks.js';

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);
const one = `sha256:${'1'.repeat(64)}`;
const two = `sha256:${'2'.repeat(64)}`;
const monday = '2026-11-16T10:00:00Z';
const tuesday = '2026-11-17T10:00:00Z';
const wednesday = '2026-11-18T10:00:00Z';
const free: ReleaseLock = { locked: [], held: [], blocked: [], by: undefined, at: undefined, until: undefined };
const pushed = { registry: 'e.com', repository: 'app', tag: b, digest: two, pushedAt: tuesday };
const block = { image: `e.com/app:${b}`, digest: two, pushed: tuesday };

const newer: PushToDecide = {
  release: 'default/app',
  pushed,
  current: [{ tag: a, digest: one, pushedAt: monday }],
  autodeploy: true,
  tagPolicy: parseTagPolicy('git-sha'),
  isSuspended: false,
  lock: free,
};

type Case = [title: string, change: Partial<PushToDecide>, reason: DecisionReason, message: string];

describe('a push', () => {
  it.each<Case>([
    ['is committed when it is newer', {}, 'newer', 'bbbbbbb is newer than aaaaaaa'],
    [
      'is committed when the registry has forgotten the current tag',
      { current: [{ tag: a, isGone: true }] },
      'newer',
      'bbbbbbb is newer than aaaaaaa',
    ],
    [
      'is of unknown order when a tag that the registry does not have came into the file after it',
      { current: [{ tag: a, isGone: true, isChangedSince: true }] },
      'order unknown',
      'Nobody knows whether bbbbbbb is newer than aaaaaaa',
    ],
    [
      'is committed when one of two places is behind',
      { current: [{ tag: b }, { tag: a, pushedAt: monday }] },
      'newer',
      'bbbbbbb is newer than aaaaaaa',
    ],
    [
      'is committed when a moved tag is newer than the pinned digest',
      { current: [{ tag: b, digest: one, pushedAt: monday }] },
      'newer',
      'bbbbbbb is newer than what its tag stood for',
    ],
    [
      'is committed when it was pushed after a blocked one',
      { lock: { ...free, blocked: [{ ...block, digest: one, pushed: monday }] } },
      'newer',
      'bbbbbbb is newer than aaaaaaa',
    ],
    [
      'is committed when another image is blocked',
      { lock: { ...free, blocked: [{ ...block, image: 'e.com/other:x', digest: one, pushed: wednesday }] } },
      'newer',
      'bbbbbbb is newer than aaaaaaa',
    ],
    ['is not for a release without the image', { current: [] }, 'not used here', 'default/app does not use app'],
    [
      'is refused when its tag is not allowed',
      { pushed: { ...pushed, tag: 'latest' } },
      'tag not allowed',
      'The tag latest is not allowed by git-sha',
    ],
    [
      'is refused when the policy cannot be read',
      { tagPolicy: undefined },
      'tag not allowed',
      'shipit.dev/image-tags cannot be read: no tag is allowed',
    ],
    [
      'is the same when tag and digest stand there',
      { current: [{ tag: b, digest: two }] },
      'same',
      'bbbbbbb stands in the file already',
    ],
    [
      'is the same when the tag stands there, with an advice',
      { current: [{ tag: b }] },
      'same',
      'bbbbbbb stands in the file already by its tag alone: pin the digest to have moved tags deployed',
    ],
    [
      'is older than what stands there',
      { current: [{ tag: a, pushedAt: wednesday }] },
      'older',
      'bbbbbbb is older than aaaaaaa',
    ],
    [
      'is older when one of two places is ahead',
      {
        current: [
          { tag: a, pushedAt: wednesday },
          { tag: a, pushedAt: monday },
        ],
      },
      'older',
      'bbbbbbb is older than aaaaaaa',
    ],
    [
      'waits where deployments are not automatic',
      { autodeploy: false },
      'autodeploy off',
      'bbbbbbb could be deployed: shipit.dev/autodeploy is not "true"',
    ],
    [
      'waits where the release is suspended',
      { isSuspended: true },
      'suspended',
      'default/app is suspended: bbbbbbb waits',
    ],
    [
      'waits where the release is locked',
      { lock: { ...free, locked: ['freeze', 'audit'] } },
      'locked',
      'default/app is locked: freeze; audit',
    ],
    ['waits where locks cannot be read', { lock: undefined }, 'locked', 'locks.yaml cannot be read: bbbbbbb waits'],
    [
      'waits where the release is held',
      { lock: { ...free, held: ['rolled back twice'] } },
      'held',
      'default/app waits for a resume: rolled back twice',
    ],
    [
      'is blocked when it was rolled back',
      { lock: { ...free, blocked: [block] } },
      'blocked',
      'bbbbbbb was rolled back on default/app and is blocked',
    ],
    [
      'is blocked under another tag, too',
      { lock: { ...free, blocked: [{ ...block, image: 'e.com/app:x' }] } },
      'blocked',
      'bbbbbbb was rolled back on default/app and is blocked',
    ],
    [
      'is older than a blocked one that was pushed later',
      { lock: { ...free, blocked: [{ ...block, digest: one, image: 'e.com/app:x', pushed: wednesday }] } },
      'older',
      'bbbbbbb was not pushed after the blocked x',
    ],
    [
      'is older than a blocked one that was pushed in the same moment',
      { lock: { ...free, blocked: [{ ...block, digest: one, image: 'e.com/app:x', pushed: tuesday }] } },
      'older',
      'bbbbbbb was not pushed after the blocked x',
    ],
    [
      'is of unknown order beside a blocked one when nobody knows its time',
      {
        pushed: { ...pushed, pushedAt: undefined },
        tagPolicy: parseTagPolicy('any'),
        current: [{ tag: a, isGone: true }],
        lock: { ...free, blocked: [{ ...block, digest: one, image: 'e.com/app:x' }] },
      },
      'order unknown',
      'Nobody knows whether bbbbbbb was pushed after the blocked x',
    ],
    [
      'is of unknown order when nobody knows the time of the current tag',
      { current: [{ tag: a }] },
      'order unknown',
      'Nobody knows whether bbbbbbb is newer than aaaaaaa',
    ],
    [
      'is of unknown order when nobody knows its own time',
      { pushed: { ...pushed, pushedAt: undefined } },
      'order unknown',
      'Nobody knows whether bbbbbbb is newer than aaaaaaa',
    ],
    [
      'is of unknown order beside a digest without a tag',
      { current: [{ digest: one }] },
      'order unknown',
      'Nobody knows whether bbbbbbb is newer than an image without a tag',
    ],
  ])('%s', (_title, change, ...[reason, message]) => {
    const action = reason === 'newer' ? 'commit' : 'none';
    expect(decidePush({ ...newer, ...change })).toEqual({ action, reason, message });
  });

  it.each<[string, Partial<PushToDecide>, DecisionReason]>([
    [
      'what stands there already, before any lock',
      { current: [{ tag: b }], autodeploy: false, lock: { ...free, locked: ['x'] } },
      'same',
    ],
    ['what is older, before any lock', { current: [{ tag: a, pushedAt: wednesday }], autodeploy: false }, 'older'],
    ['autodeploy off before an unknown order', { current: [{ tag: a }], autodeploy: false }, 'autodeploy off'],
    ['a lock before a hold', { lock: { ...free, locked: ['x'], held: ['y'] } }, 'locked'],
    ['a hold before a block', { lock: { ...free, held: ['y'], blocked: [block] } }, 'held'],
  ])('tells the reason to act on first: %s', (_title, change, reason) => {
    expect(decidePush({ ...newer, ...change }).reason).toBe(reason);
  });

  it.each([
    [{ tag: b, from: a }, 'bbbbbbb is newer than aaaaaaa'],
    [{ tag: b, from: '' }, 'bbbbbbb is the first image'],
  ])('is told by the same words after it was committed: %j', (deploy, message) => {
    expect(decideCommitted(deploy)).toEqual({ action: 'commit', reason: 'newer', message });
  });

  it('tells where and why the file cannot be edited', () => {
    const refusals = [{ kind: 'anchor' as const, reason: 'The anchor &a is used elsewhere too', line: 3, column: 7 }];
    expect(decideRefused('r/app.yaml', refusals)).toEqual({
      action: 'none',
      reason: 'cannot be edited',
      message: 'r/app.yaml:3:7: The anchor &a is used elsewhere too',
    });
    expect(decisionReasons).toContain('cannot be edited');
  });
});
