import { HelmRelease, type HelmReleaseStatus } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { countFailing } from './count-failing.js';
import { decideRollback } from './decide-rollback.js';

const good = 'a'.repeat(40);
const bad = 'b'.repeat(40);
const now = new Date('2026-01-01T12:00:00Z');
const around = { now, failing: 1, outageReleases: 3 };
const oldImage = 'registry.example/word-counts:one';
const newImage = 'registry.example/word-counts:two';

function entry(revision: number, state: string, minutesAgo: number, images = [oldImage]) {
  return {
    revision,
    commit: good,
    chart: 'service-0.1.0',
    images,
    state,
    reason: state,
    by: 'Ship-it',
    at: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
  };
}

function failedRelease(
  change: { status?: Partial<HelmReleaseStatus>; spec?: object; annotations?: object; generation?: number } = {},
): HelmRelease {
  return HelmRelease.parse({
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: {
      name: 'word-counts',
      namespace: 'default',
      generation: change.generation ?? 2,
      annotations: { 'shipit.dev/commit': bad, ...change.annotations },
    },
    spec: { chart: { repository: './charts', name: 'service' }, ...change.spec },
    status: {
      state: 'Failed',
      reason: 'ImageNotFound',
      message: 'Pod word-counts-1 cannot pull its image',
      observedGeneration: 2,
      revision: 2,
      commit: bad,
      deployId: 'd1',
      images: [newImage],
      lastGood: { revision: 1, commit: good },
      history: [entry(2, 'Failed', 1, [newImage]), entry(1, 'Deployed', 60)],
      ...change.status,
    },
  });
}

describe('a release that failed', () => {
  it('goes back to the last good revision, and the image that it brought is to blame', () => {
    expect(decideRollback(failedRelease(), around)).toEqual({
      action: 'rollback',
      request: {
        release: 'default/word-counts',
        of: bad,
        to: good,
        by: 'watcher',
        actor: 'rollback-watcher',
        then: 'next-image',
        judgedDeployId: 'd1',
        images: [newImage],
        cause: { kind: 'release', message: 'Pod word-counts-1 cannot pull its image', imageAtFault: true },
      },
    });
  });

  it('blames no image where the failure is not an image’s', () => {
    const judgement = decideRollback(failedRelease({ status: { reason: 'DeadlineExceeded' } }), around);
    expect(judgement).toMatchObject({ action: 'rollback', request: { cause: { imageAtFault: false } } });
  });

  it('leaves a hold where the rollback before it was the last thing that worked', () => {
    const history = [
      entry(4, 'Failed', 1, [newImage]),
      entry(3, 'RolledBack', 5),
      entry(2, 'Failed', 7),
    ] as HelmReleaseStatus['history'];
    expect(decideRollback(failedRelease({ status: { history } }), around)).toMatchObject({
      action: 'rollback',
      request: { then: 'hold' },
    });
  });

  it.each([
    ['suspended', { spec: { suspend: true } }],
    ['automatic rollback is off', { spec: { rollback: { automatic: false } } }],
    ['a newer state is wanted already', { generation: 3 }],
    ['a newer commit is wanted already', { annotations: { 'shipit.dev/commit': 'c'.repeat(40) } }],
    ['no good revision to return to', { status: { lastGood: undefined } }],
    [
      'the commit that failed is the last good one: an input outside of git changed',
      { status: { lastGood: { revision: 1, commit: bad } } },
    ],
  ])('is left alone: %s', (reason, change) => {
    expect(decideRollback(failedRelease(change as Parameters<typeof failedRelease>[0]), around)).toEqual({
      action: 'none',
      reason,
    });
  });

  it('is left alone and reported where it was a rollback itself', () => {
    expect(decideRollback(failedRelease({ annotations: { 'shipit.dev/rollback-of': good } }), around)).toMatchObject({
      action: 'report',
      code: 'SHIPIT_ROLLBACK_FAILED',
    });
  });

  it('is left alone and reported where more than three releases of its cluster fail at once', () => {
    expect(decideRollback(failedRelease(), { ...around, failing: 4 })).toMatchObject({
      action: 'report',
      code: 'SHIPIT_OUTAGE',
    });
  });
});

describe('a rollback that was asked for', () => {
  const rollback = {
    of: bad,
    to: good,
    cause: { kind: 'person' as const, message: 'too slow', imageAtFault: false },
    by: 'ada',
    at: now.toISOString(),
  };

  it('is asked for again until its commit is there', () => {
    const release = failedRelease({ status: { state: 'RollingBack', rollback: { ...rollback, state: 'requested' } } });
    expect(decideRollback(release, around)).toMatchObject({
      action: 'rollback',
      request: { of: bad, to: good, by: 'person', actor: 'ada', then: 'hold' },
    });
  });

  it('is not asked for again once it was refused', () => {
    const release = failedRelease({ status: { rollback: { ...rollback, state: 'superseded' } } });
    expect(decideRollback(release, around)).toMatchObject({ action: 'none' });
  });
});

describe('a deployed release', () => {
  const deployed = (minutesAgo: number, more: Partial<HelmReleaseStatus> = {}) =>
    failedRelease({
      status: {
        state: 'Deployed',
        lastDeployedAt: new Date(now.getTime() - minutesAgo * 60_000).toISOString(),
        ...more,
      },
    });

  it('is verified once it was quiet for its watch window', () => {
    expect(decideRollback(deployed(11), around)).toEqual({ action: 'verify' });
  });

  it.each([
    ['being watched', deployed(9)],
    ['verified', deployed(11, { lastVerified: { revision: 2, commit: bad } })],
    [
      'not healthy',
      deployed(11, {
        conditions: [{ type: 'Healthy', status: 'False', reason: 'PodFailed', message: '', lastTransitionTime: '' }],
      }),
    ],
  ])('is not verified: %s', (reason, release) => {
    expect(decideRollback(release, around)).toEqual({ action: 'none', reason });
  });
});

it('counts the releases of a cluster that failed within the window', () => {
  const old = failedRelease({ status: { history: [entry(2, 'Failed', 10)] as HelmReleaseStatus['history'] } });
  const elsewhere = failedRelease({ spec: { cluster: 'other' } });
  expect(countFailing([failedRelease(), failedRelease(), old, elsewhere], now, 300)).toEqual(
    new Map([
      ['', 2],
      ['other', 1],
    ]),
  );
});
