import { describe, expect, it } from 'vitest';
import {
  at,
  digestOf,
  pushOf,
  registryHost,
  releaseFile,
  type ReleaseFileOptions,
  sha,
  startCommitter,
} from '../../test/committer-in-memory.js';

const path = 'releases/word-counts.yaml';
const [one, two, three] = [sha('one'), sha('two'), sha('three')];

/** What people did to the file by hand, oldest first; one was pushed before two. */
async function byHand(...[first, ...later]: [ReleaseFileOptions, ...ReleaseFileOptions[]]) {
  const committer = await startCommitter({ [path]: releaseFile('word-counts', first) });
  for (const [minute, tag] of [one, two, 'latest'].entries())
    committer.registry.push(
      { registry: registryHost, repository: 'word-counts', tag },
      { digest: digestOf(tag), pushedAt: new Date(at(minute + 1)) },
    );
  const commits: string[] = [];
  for (const options of later) {
    await committer.look();
    commits.push(await committer.git.push({ [path]: releaseFile('word-counts', options) }));
  }
  return { committer, commits };
}

describe('a tag that a person set back after a person set it', () => {
  const off = { autodeploy: false };

  it('holds the release when autodeploy is switched on, and says who did it', async () => {
    const history = [{ tag: one, ...off }, { tag: two, ...off }, { tag: one, ...off }, { tag: one }] as const;
    const { committer, commits } = await byHand(...history);
    await committer.look();
    expect(await committer.text('word-counts')).toContain(one);
    await committer.push(pushOf({ tag: three, minute: 40 }));
    expect(await committer.text('word-counts')).toContain(one);
    const why = `Set back from ${two} to ${one} by Ann in ${commits[1]?.slice(0, 7)}`;
    expect(committer.told('release.candidate').at(-1)).toMatchObject({
      data: { reason: 'held', message: expect.stringContaining(why) },
    });
  });

  it('holds it also where Ship-it deployed the older one itself, before', async () => {
    const { committer } = await byHand({ tag: one });
    await committer.push(pushOf({ tag: two, minute: 2 }));
    await committer.git.push({ [path]: releaseFile('word-counts', { tag: 'latest' }) });
    committer.registry.push(
      { registry: registryHost, repository: 'word-counts', tag: three },
      { digest: digestOf(three), pushedAt: new Date(at(20)) },
    );
    await committer.git.push({ [path]: releaseFile('word-counts', { tag: three }) });
    await committer.git.push({ [path]: releaseFile('word-counts', { tag: two }) });
    await committer.push(pushOf({ tag: sha('four'), minute: 40 }));
    expect(committer.reasons()).toEqual(['held']);
  });

  it('is deployed again by a resume, after which pushes are deployed', async () => {
    const { committer } = await byHand({ tag: one }, { tag: two }, { tag: one });
    await committer.request({
      specversion: '1.0',
      id: 'resume-1',
      source: 'api',
      subject: 'default/word-counts',
      time: at(30),
      type: 'resume.requested',
      data: { release: 'default/word-counts', reason: 'mended', actor: 'ann' },
    });
    expect(await committer.text('word-counts')).toContain(two);
    await committer.push(pushOf({ tag: three, minute: 40 }));
    expect(await committer.text('word-counts')).toContain(three);
  });

  it.each<[what: string, history: [ReleaseFileOptions, ...ReleaseFileOptions[]]]>([
    ['set forward', [{ tag: one }, { tag: two }]],
    ['set back and forward again', [{ tag: two }, { tag: one }, { tag: two }]],
    ['brought under the policy', [{ tag: 'latest' }, { tag: two }]],
  ])('does not hold it where it was %s', async (_what, history) => {
    const { committer } = await byHand(...history);
    await committer.push(pushOf({ tag: three, minute: 40 }));
    expect(await committer.text('word-counts')).toContain(three);
  });
});
