import { HelmRelease } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { type ExplainInput, explainRelease } from './explain-release.js';

const commit = 'c'.repeat(40);
const now = new Date('2026-11-21T04:00:00.000Z');
const name = '123456789012.dkr.ecr.us-east-1.amazonaws.com/word-counts';
const message = `Deploy word-counts\n\nDeploy: default/word-counts ${name}:${'7'.repeat(40)} from=${'6'.repeat(40)} pushed=2026-11-21T03:59:00.000Z id=1\nActor: ship-it`;

function explain({ status, spec, ...input }: Partial<ExplainInput> & { status?: object; spec?: object } = {}) {
  const release = HelmRelease.parse({
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: {
      name: 'word-counts',
      namespace: 'default',
      annotations: { 'shipit.dev/commit': commit },
      generation: 1,
    },
    spec: { chart: { repository: './charts', name: 'service' }, ...spec },
    ...(status && { status: { observedGeneration: 1, commit, ...status } }),
  });
  const commits = [{ id: commit, message, author: { name: 'Ann' }, committedAt: now }];
  const explanation = explainRelease({ release, commits, candidates: [], now, ...input });
  return { ...explanation, ways: explanation.steps.map(({ step, outcome }) => `${step} ${outcome}`) };
}

const pushed = ['push done', 'decision done', 'commit done'];
const candidate = { image: `${name}:nightly`, pushedAt: now.toISOString(), message: 'not allowed' };

describe('explaining a release', () => {
  it.each([
    ['was just committed', {}, [...pushed, 'sync running', 'deploy waiting']],
    ['is being deployed', { status: { state: 'Deploying' } }, [...pushed, 'sync done', 'deploy running']],
    ['failed', { status: { state: 'Failed' } }, [...pushed, 'sync done', 'deploy failed']],
    [
      'waits for the deployer',
      { status: { state: 'Deployed', observedGeneration: 0 } },
      [...pushed, 'sync running', 'deploy done'],
    ],
    [
      'is watched',
      { status: { state: 'Deployed', lastDeployedAt: now.toISOString() } },
      [...pushed, 'sync done', 'deploy done', 'watch running'],
    ],
    [
      'is verified',
      {
        status: {
          state: 'Deployed',
          revision: 2,
          lastDeployedAt: now.toISOString(),
          lastVerified: { revision: 2, commit },
        },
      },
      [...pushed, 'sync done', 'deploy done', 'watch done'],
    ],
    [
      'is suspended',
      { spec: { suspend: true }, status: { state: 'Deployed' } },
      [...pushed, 'sync done', 'deploy skipped'],
    ],
    ['came with a commit nobody remembers', { commits: [] }, ['commit done', 'sync running', 'deploy waiting']],
  ])('that %s', (_, input, ways) => expect(explain(input).ways).toEqual(ways));

  it('begins, after a rollback, with the push that was undone and why', () => {
    const [bad, good] = ['b'.repeat(40), 'a'.repeat(40)];
    const undone = `Roll back\n\nRollback: default/word-counts of=${bad} to=${good} id=r1\nRollback-Cause: image not found\nActor: rollback-watcher`;
    const commits = [
      { id: commit, message: undone, author: { name: 'Ship-it' }, committedAt: now },
      { id: bad, message, author: { name: 'Ship-it' }, committedAt: now },
    ];
    const cause = { kind: 'release', message: 'the image cannot be found' };
    const rollback = { of: bad, to: good, cause, by: 'rollback-watcher', at: now.toISOString(), state: 'committed' };
    const entry = { revision: 2, commit: bad, chart: 'service-1', images: [], by: '', at: now.toISOString() };
    const history = [{ ...entry, state: 'Failed', reason: 'ImageNotFound' }];
    const way = [...pushed, 'deploy failed', 'rollback done', 'commit done', 'sync done', 'deploy done'];

    const { ways, steps } = explain({ commits, status: { state: 'RolledBack', rollback, history } });
    expect(ways).toEqual(way);
    expect(steps[0]?.detail).toContain('7'.repeat(40));
    expect(steps[3]).toMatchObject({ title: 'Failed', reason: 'ImageNotFound', detail: 'revision 2, service-1' });
    expect(steps[4]?.detail).toBe('from bbbbbbb to aaaaaaa, by rollback-watcher: the image cannot be found');
    expect(steps[5]).toMatchObject({ commit, detail: 'Roll back (ccccccc, by rollback-watcher)' });

    const later = explain({ commits, status: { state: 'RolledBack' } });
    expect(later.ways).toEqual(way.filter((step) => step !== 'deploy failed'));
    expect(later.steps[3]?.detail).toBe('from bbbbbbb to aaaaaaa: image not found');
  });

  it('says short names in sentences', () => {
    const { steps } = explain();
    expect(steps[1]?.detail).toBe('7777777 is newer than 6666666');
    expect(explain({ candidates: [{ ...candidate, reason: 'tag not allowed' }] }).summary).toBe(
      'word-counts is Pending. word-counts:nightly was pushed and is not deployed: not allowed',
    );
  });

  it('does not make much of what is older', () => {
    const { summary, ways } = explain({ candidates: [{ ...candidate, reason: 'older' }] });
    expect(summary).toBe('word-counts is Pending');
    expect(ways).toContain('decision skipped');
  });

  it('tells locks and holds with their reasons, though nothing was pushed', () => {
    const nothing = { blocked: [], at: undefined, until: undefined };
    const { steps } = explain({ lock: { ...nothing, locked: ['freeze'], held: ['it was bad'], by: 'ann' } });
    expect(steps.filter(({ step, outcome }) => step === 'decision' && outcome === 'waiting')).toMatchObject([
      { title: 'Locked', reason: 'locked', detail: 'freeze (by ann)' },
      { title: 'Held until a resume', reason: 'held', detail: 'it was bad (by ann)' },
    ]);
  });
});
