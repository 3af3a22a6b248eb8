import { decisionReasons, ShipitEvent } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { describeEvent } from './describe-event.js';

describe('the feed in a terminal', () => {
  it.each(decisionReasons)('tells a push that is not deployed with the word of the decision: %s', (reason) => {
    const event = ShipitEvent.parse({
      specversion: '1.0',
      id: '1',
      source: '/shipit/repo-committer',
      type: 'release.candidate',
      subject: 'default/app',
      time: '2026-11-21T04:00:00Z',
      data: {
        release: 'default/app',
        image: { registry: 'e.com', repository: 'app', tag: 'v2', digest: `sha256:${'1'.repeat(64)}` },
        pushedAt: '2026-11-21T04:00:00Z',
        reason,
        message: 'the sentence of the decision',
        commit: 'c'.repeat(40),
      },
    });
    expect(describeEvent(event).message).toBe(`app:v2 [${reason}] the sentence of the decision`);
  });
});
