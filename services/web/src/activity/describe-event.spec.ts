import { decisionReasons } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import { anEvent, image, progress, sha } from '../../test/an-event.js';
import { describeEvent } from './describe-event.js';

const cause = { kind: 'release', message: 'the image cannot be pulled' } as const;
const pushedAt = '2026-11-21T04:07:41Z';
const { release } = progress;
const commit = { release, commit: sha.old, path: 'releases/x.yaml', actor: 'Ann <ann@example.com>' };
const asked = { release, actor: 'ann', reason: 'a fair' };
const candidate = { release, image, pushedAt, reason: 'older', message: 'a newer one runs', commit: sha.old };
const change = { image: `${image.registry}/team/word-counts`, from: sha.old, to: sha.new };
const rollback = { of: sha.new, to: sha.old, cause };

describe('The feed in words', () => {
  it.each([
    ['image.pushed', { image, pushedAt, origin: 'event' }, 'word-counts:a5ca99b was pushed', undefined],
    [
      'image.pushed',
      { image, pushedAt, origin: 'sweep' },
      'word-counts:a5ca99b was pushed (found by the sweep)',
      undefined,
    ],
    [
      'image.ignored',
      { reason: 'no tag', message: 'It has no tag' },
      'A message leads nowhere: no tag',
      'It has no tag',
    ],
    ['release.candidate', candidate, 'word-counts:a5ca99b is not deployed: older', 'a newer one runs'],
    [
      'release.committed',
      { ...commit, changes: [change] },
      'Ann committed 78bc9cc: word-counts 78bc9cc → a5ca99b',
      undefined,
    ],
    ['release.committed', { ...commit, message: 'Lock it' }, 'Ann committed 78bc9cc: Lock it', undefined],
    ['release.committed', { ...commit, rollback }, 'Ann committed 78bc9cc: back to 78bc9cc', cause.message],
    ['release.deploying', progress, 'Revision 3 with word-counts:a5ca99b is being deployed', undefined],
    ['release.deployed', progress, 'Revision 3 with word-counts:a5ca99b runs', undefined],
    ['release.deployed', { ...progress, images: [], revision: undefined }, 'It runs', undefined],
    [
      'release.failed',
      { ...progress, message: 'no such image' },
      'Revision 3 with word-counts:a5ca99b failed',
      'no such image',
    ],
    [
      'release.rolling-back',
      { ...progress, cause },
      'Revision 3 with word-counts:a5ca99b is being undone',
      cause.message,
    ],
    ['release.rolled-back', progress, 'Revision 3 with word-counts:a5ca99b runs again', undefined],
    ['release.problem', { commit: '', code: 'X', message: 'two files' }, 'Somebody must look', 'two files'],
    [
      'rollback.requested',
      { release, ...rollback, by: 'person', actor: 'ann' },
      'ann asks to undo a5ca99b',
      cause.message,
    ],
    ['lock.requested', asked, 'ann asks to keep new pushes from being deployed', 'a fair'],
    ['resume.requested', asked, 'ann asks to let new pushes deploy again', 'a fair'],
  ] as const)('tells %s in a sentence (%#)', (type, data, text, why) => {
    expect(describeEvent(anEvent(type, data))).toMatchObject({ text, ...(why !== undefined && { why }) });
  });

  it.each(decisionReasons)('tells a push that is not deployed with the word of the decision: %s', (reason) => {
    expect(describeEvent(anEvent('release.candidate', { ...candidate, reason }))).toMatchObject({
      text: `word-counts:a5ca99b is not deployed: ${reason}`,
      why: candidate.message,
    });
  });
});
