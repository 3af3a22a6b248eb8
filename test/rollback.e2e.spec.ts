import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Push } from './playground/aws.js';
import { releaseFiles, setUp, type SetUp } from './playground/set-up.js';

describe('A bad push is undone', () => {
  let pg: SetUp;
  let good: Push;
  let bad: Push;
  beforeAll(async () => {
    pg = await setUp();
    good = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', good);
  });
  afterAll(() => pg?.tearDown());

  it('goes from Deploying over Failed and RollingBack to RolledBack and says why', async () => {
    bad = await pg.pushBad('word-counts');
    await pg.untilRolledBackTo('word-counts', good);

    const told = (await pg.api.states('word-counts')).filter((type) => type.startsWith('release.'));
    expect(told.slice(-6)).toEqual([
      'release.committed',
      'release.deploying',
      'release.failed',
      'release.rolling-back',
      'release.committed',
      'release.rolled-back',
    ]);
    const [failed] = await pg.api.events('release.failed', 'word-counts');
    expect(failed?.data.message).toContain(bad.tag);
    const explained = JSON.stringify(await pg.api.explain('word-counts'));
    expect(explained).toMatch(/roll(ed)? ?back/i);
    expect(explained).toContain(bad.tag);
  });

  it('is undone by one commit that names what it undoes, and why', async () => {
    const [rollback, ...older] = (await pg.clone.commits()).filter(({ body }) => body.includes('Rollback: '));
    const [deployOfBad] = await pg.commitsOf(bad);
    const [deployOfGood] = await pg.commitsOf(good);

    expect(older).toEqual([]);
    expect(rollback?.body).toMatch(
      new RegExp(`^Rollback: default/word-counts of=${deployOfBad?.id} to=${deployOfGood?.id} id=\\w+$`, 'm'),
    );
    expect(rollback?.body).toMatch(/^Rollback-Cause: .*not found/m);
    expect(rollback?.body).toMatch(/^Actor: rollback-watcher$/m);
    expect(await pg.clone.file(releaseFiles['word-counts'])).toContain(`tag: ${good.tag}`);
  });

  it('is blocked by its digest, and comes no second time', async () => {
    expect(await pg.clone.file('releases/locks.yaml')).toContain(bad.digest);

    await pg.queue.send({
      eventTime: new Date(Math.ceil(Date.now() / 1000) * 1000).toISOString(),
      repositoryName: bad.repository,
      tag: bad.tag,
      registryId: pg.ready.aws.account,
    });
    await pg.until(() => pg.queue.isEmpty());
    await pg.untilDeployed('story-index', await pg.push('story-index'));

    expect(await pg.commitsOf(bad)).toHaveLength(1);
    expect(await pg.clone.file(releaseFiles['word-counts'])).toContain(`tag: ${good.tag}`);
  });

  it('makes way for the next good push', async () => {
    const next = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', next);

    expect(await pg.commitsOf(next)).toHaveLength(1);
  });

  it('is undone as well when its process crashes', async () => {
    const before = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', before);
    const crashing = await pg.push('word-counts', `${before.tag.slice(0, 36)}0000-crash`);
    await pg.untilRolledBackTo('word-counts', before);

    expect(await pg.commitsOf(crashing)).toHaveLength(1);
  });
});
