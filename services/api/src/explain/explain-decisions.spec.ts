import { decisionReasons, HelmRelease } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { explainRelease } from './explain-release.js';

const now = new Date('2026-11-21T04:00:00.000Z');
const release = HelmRelease.parse({
  apiVersion: 'shipit.dev/v1beta1',
  kind: 'HelmRelease',
  metadata: { name: 'word-counts', namespace: 'default' },
  spec: { chart: { repository: './charts', name: 'service' } },
});

describe('explaining a push that is not deployed', () => {
  it.each(decisionReasons)('says the word and the sentence of the decision: %s', (reason) => {
    const message = 'the sentence of the decision';
    const candidate = { image: 'e.com/word-counts:v2', pushedAt: now.toISOString(), reason, message };
    const { candidates, steps } = explainRelease({ release, commits: [], candidates: [candidate], now });
    expect(candidates).toEqual([candidate]);
    const step = steps.find(({ title }) => title.startsWith('Not deployed'));
    expect(step).toMatchObject({ reason, detail: `word-counts:v2: ${message}` });
  });
});
