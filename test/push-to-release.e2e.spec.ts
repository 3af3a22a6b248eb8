import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { releaseFiles, setUp, type SetUp } from './playground/set-up.js';

describe('A push becomes a commit and a running release', () => {
  let pg: SetUp;
  beforeAll(async () => {
    pg = await setUp();
  });
  afterAll(() => pg?.tearDown());

  it('changes exactly the tag, in one commit, and deploys it', async () => {
    const before = await pg.clone.file(releaseFiles['word-counts']);
    const push = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', push);

    const commits = await pg.commitsOf(push);
    expect(commits).toHaveLength(1);
    const [commit] = commits;
    expect(commit?.subject).toBe(`Deploy word-counts ${push.tag.slice(0, 7)}`);
    const [, oldTag = ''] = /tag: (\S+)/.exec(before) ?? [];
    expect(await pg.clone.file(releaseFiles['word-counts'])).toBe(before.replace(oldTag, push.tag));
    const changed = await pg.clone.git('show', '--format=', '--numstat', commit?.id ?? '');
    expect(changed.trim()).toBe(`1\t1\t${releaseFiles['word-counts']}`);
    expect((await pg.api.release('word-counts')).commit).toBe(commit?.id);
  });

  it('makes one commit of an event that comes three times', async () => {
    const push = await pg.push('stories-web');
    for (let i = 0; i < 3; i += 1) await pg.queue.send(pg.queue.eventOf(push));
    await pg.untilDeployed('stories-web', push);
    await pg.until(() => pg.queue.isEmpty());
    // Nothing of the three is on its way any more once a later push has gone all the way.
    await pg.untilDeployed('story-index', await pg.push('story-index'));

    expect(await pg.commitsOf(push)).toHaveLength(1);
  });

  it('runs the hook of a release before the release is deployed', async () => {
    const push = await pg.push('story-index');
    await pg.untilDeployed('story-index', push);

    expect(await pg.commitsOf(push)).toHaveLength(1);
  });

  it('makes at most three commits of fifty pushes at once, and each release runs its newest image', async () => {
    const repositories = ['word-counts', 'stories-web', 'story-index'];
    const before = (await pg.clone.commits()).length;
    const pushes = await Promise.all(
      Array.from({ length: 50 }, (_, i) => pg.push(repositories[i % repositories.length] ?? '')),
    );
    for (const repository of repositories) {
      const newest = await pg.registry.newestTags(repository);
      await pg.until(async () => {
        const { state, images } = await pg.api.release(repository);
        return state === 'Deployed' && newest.some((tag) => images[0]?.endsWith(`:${tag}`));
      });
    }
    await pg.until(() => pg.queue.isEmpty());

    expect((await pg.clone.commits()).length - before).toBeLessThanOrEqual(3);
    for (const push of pushes) expect((await pg.commitsOf(push)).length).toBeLessThanOrEqual(1);
  });

  it('touches no other release', async () => {
    expect((await pg.api.release('billing')).revision).toBe(1);
  });
});
