import { parseImage, parseTagPolicy } from '@shipit/images';
import { describe, expect, it } from 'vitest';
import { formatDeployCommit, formatRequestCommit, formatRollbackCommit } from './commit-message.js';
import { parseTrailers } from './commit-trailers.js';
import { findStepBack } from './find-step-back.js';
import { TagTimes } from './tag-times.js';

const release = 'default/word-counts';
const repository = 'e.com/word-counts';
const about = { traceIds: [], actor: 'Ann' };
const cause = { kind: 'person', message: 'wrong counts', imageAtFault: false } as const;
const rollback = { ...about, release, of: 'b'.repeat(40), to: 'a'.repeat(40), id: 'r1', cause };

const byHand = 'Somebody’s own commit\n';
const rolledBack = formatRollbackCommit(rollback);
const heldByCommit = formatRollbackCommit({ ...rollback, isHeld: true });
const resumed = formatRequestCommit({ ...about, kind: 'Resume', release, id: 'q1', reason: 'mended' });
const resumedOther = formatRequestCommit({ ...about, kind: 'Resume', release: 'default/other', id: 'q1', reason: 'x' });
const deployed = (tag: string, from: string) =>
  formatDeployCommit({
    ...about,
    deploys: [{ release, repository, tag, digest: undefined, from, pushed: undefined, id: tag, push: undefined }],
  });

/** The file says v1. Commits come newest first. */
function hold(...messages: string[]): Promise<string | undefined> {
  const commits = messages.map((message, at) => ({
    id: `${at}`,
    parents: [],
    author: { name: 'Ann' },
    trailers: parseTrailers(message),
  }));
  const place = { image: parseImage(`${repository}:v1`), path: [], scalars: [] };
  const question = { release, repository, path: 'a.yaml', place, tagPolicy: parseTagPolicy('any') };
  const times = new TagTimes({ describe: async () => undefined }, commits);
  return findStepBack(question, { commits, times, history: { changeOf: async () => undefined } });
}

describe('what history says of a hold', () => {
  it.each([
    ['nothing where Ship-it never had a say', [byHand]],
    ['nothing where the file says what Ship-it wrote', [byHand, deployed('v1', 'v0')]],
    ['nothing where a rollback wrote its hold to locks.yaml', [rolledBack, deployed('v2', 'v1')]],
    ['nothing once somebody resumed', [resumed, byHand, heldByCommit, deployed('v2', 'v1')]],
    ['nothing once a resume deployed', [deployed('v1', 'v0'), heldByCommit]],
  ])('is %s', async (_what, messages) => {
    expect(await hold(...messages)).toBeUndefined();
  });

  it.each([
    ['a person set the tag back', [byHand, deployed('v2', 'v1')], 'Somebody set it back from v2 to v1 by hand'],
    ['a rollback could not write it', [byHand, heldByCommit, deployed('v2', 'v1')], 'It was rolled back: wrong counts'],
    ['only another release was resumed', [resumedOther, heldByCommit], 'It was rolled back: wrong counts'],
  ])('is that the release is held where %s', async (_why, messages, reason) => {
    expect(await hold(...messages)).toBe(reason);
  });
});
