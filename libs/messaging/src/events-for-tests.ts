import type { ReleaseCandidate } from '@shipit/contracts';

const image = {
  registry: '723255503624.dkr.ecr.us-east-1.amazonaws.com',
  repository: 'word-counts',
  tag: '78bc9ccf64eb838c6a0e0492ded722274925e2bd',
  digest: `sha256:${'a'.repeat(64)}`,
};

/** An event that goes to one queue only: the notifier's. */
export function anEvent(id: string, subject = 'default/word-counts'): ReleaseCandidate {
  return {
    specversion: '1.0',
    id,
    type: 'release.candidate',
    source: '/test',
    subject,
    time: '2026-01-01T00:00:00.000Z',
    data: {
      release: 'default/word-counts',
      image,
      pushedAt: '2026-01-01T00:00:00Z',
      reason: 'autodeploy off',
      message: 'autodeploy is off',
      commit: 'c'.repeat(40),
    },
  };
}
