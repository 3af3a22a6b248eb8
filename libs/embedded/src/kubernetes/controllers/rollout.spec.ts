import { describe, expect, it } from 'vitest';

import type { KubeObject } from '../objects.js';
import { planRollingUpdate, rolloutLimits, templateHash, type ReplicaSetView } from './rollout.js';

function deployment(replicas: number, rollingUpdate: Record<string, string | number>): KubeObject {
  const metadata = { name: 'x', uid: 'u', resourceVersion: '1', creationTimestamp: '' };
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas, strategy: { rollingUpdate } } };
}

function set(name: string, wanted: number, available = wanted): ReplicaSetView {
  return { name, wanted, present: wanted, available };
}

describe('rolloutLimits', () => {
  it.each([
    [4, { maxSurge: '25%', maxUnavailable: '25%' }, 1, 1],
    [1, { maxSurge: '25%', maxUnavailable: '25%' }, 1, 0],
    [10, { maxSurge: '25%', maxUnavailable: '25%' }, 3, 2],
    [3, { maxSurge: 0, maxUnavailable: 0 }, 0, 1],
    [3, { maxSurge: 2, maxUnavailable: '50%' }, 2, 1],
    [2, { maxSurge: 0, maxUnavailable: 5 }, 0, 2],
  ])(
    'rounds surge up and unavailability down: %i replicas with %j',
    (replicas, rollingUpdate, maxSurge, maxUnavailable) => {
      expect(rolloutLimits(deployment(replicas, rollingUpdate))).toEqual({ replicas, maxSurge, maxUnavailable });
    },
  );
});

describe('planRollingUpdate', () => {
  const limits = { replicas: 4, maxSurge: 1, maxUnavailable: 1 };

  it.each([
    ['starts with the surge', set('new', 0), [set('old', 4)], { new: 1 }],
    ['takes old ones away as far as allowed', set('new', 1, 0), [set('old', 4)], { old: 3 }],
    ['fills the room it made', set('new', 1, 0), [set('old', 3)], { new: 2 }],
    ['waits for new ones', set('new', 2, 0), [set('old', 3)], {}],
    ['goes on when one is available', set('new', 2, 1), [set('old', 3)], { old: 2 }],
    ['takes broken old ones first', set('new', 1, 0), [set('worse', 1, 0), set('old', 3)], { worse: 0 }],
    ['is done', set('new', 4), [set('old', 0)], {}],
    ['shrinks the new one when fewer are wanted', set('new', 6), [], { new: 4 }],
  ])('%s', (_title, fresh, old, expected) => {
    expect(Object.fromEntries(planRollingUpdate(fresh, old, limits))).toEqual(expected);
  });
});

describe('templateHash', () => {
  it('does not depend on the order of keys', () => {
    expect(templateHash({ a: 1, b: { c: 2, d: 3 } })).toBe(templateHash({ b: { d: 3, c: 2 }, a: 1 }));
  });
});
