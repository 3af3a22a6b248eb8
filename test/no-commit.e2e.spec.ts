import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTag, type Push } from './playground/aws.js';
import { releaseFiles, setUp, type SetUp } from './playground/set-up.js';

let pg: SetUp;
const starts = ['slow', 'flaky', 'heals'];
let slowPushes: Push[] = [];
beforeAll(async () => {
  pg = await setUp();
  // They take their time: the other tests run meanwhile.
  for (const start of starts) await pg.addRelease(`starts-${start}`, 'any');
  slowPushes = await Promise.all(starts.map((start) => pg.push(`starts-${start}`, `v2-${start}`)));
});
afterAll(() => pg?.tearDown());

describe('A push that must not be deployed leads to no commit, and everybody can see why', () => {
  const isExplained = async (release: string, reason: string): Promise<boolean> => {
    const { steps, candidates } = await pg.api.explain(release);
    return [...steps, ...candidates].some((entry) => entry.reason === reason);
  };

  it('a tag that the release does not allow', async () => {
    const push = await pg.push('word-counts', 'latest');
    const { data } = await pg.untilCandidate('word-counts', push, 'tag not allowed');

    expect(data.message).toContain('latest');
    expect(await pg.commitsOf(push)).toEqual([]);
    await pg.until(() => isExplained('word-counts', 'tag not allowed'));
  });

  it('a release that is not deployed automatically', async () => {
    const push = await pg.push('billing');
    await pg.untilCandidate('billing', push, 'autodeploy off');

    expect(await pg.commitsOf(push)).toEqual([]);
    await pg.until(() => isExplained('billing', 'autodeploy off'));
  });

  it('until somebody switches that on by a commit', async () => {
    const push = await pg.push('billing');
    await pg.untilCandidate('billing', push, 'autodeploy off');
    const switchOn = (text: string) => text.replace(/autodeploy: "?false"?/, 'autodeploy: "true"');
    await pg.clone.commit(releaseFiles.billing, switchOn, 'Billing deploys itself');

    await pg.untilDeployed('billing', push);
    expect(await pg.commitsOf(push)).toHaveLength(1);
  });

  it('an older push whose event comes after that of a newer one', async () => {
    await pg.playground.stopService('image-push-listener');
    const older = await pg.push('stories-web');
    const event = (await pg.queue.take()) ?? '';
    const newer = await pg.push('stories-web');
    await pg.playground.startService('image-push-listener');
    await pg.untilDeployed('stories-web', newer);
    await pg.queue.send(event);
    await pg.untilCandidate('stories-web', older, 'older');

    expect(await pg.commitsOf(older)).toEqual([]);
    expect((await pg.api.release('stories-web')).images[0]).toContain(newer.tag);
  });

  it("a person's step back holds the release until somebody resumes it", async () => {
    const first = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', first);
    const second = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', second);
    await pg.clone.commit(releaseFiles['word-counts'], (text) => text.replace(second.tag, first.tag), 'Back, please');
    await pg.untilDeployed('word-counts', first);

    const third = await pg.push('word-counts');
    await pg.untilCandidate('word-counts', third, 'held');
    expect(await pg.commitsOf(third)).toEqual([]);
    await pg.until(() => isExplained('word-counts', 'held'));

    expect(await pg.api.post('releases/default/word-counts/resume', { reason: 'All is well again' })).toBe(202);
    await pg.untilDeployed('word-counts', third);
    expect(await pg.commitsOf(third)).toHaveLength(1);
  });

  it('a release that is locked, until it is unlocked', async () => {
    expect(await pg.api.post('releases/default/story-index/lock', { reason: 'Index is rebuilt' })).toBe(202);
    const push = await pg.push('story-index');
    const { data } = await pg.untilCandidate('story-index', push, 'locked');
    expect(data.message).toContain('Index is rebuilt');
    expect(await pg.commitsOf(push)).toEqual([]);

    expect(await pg.api.post('releases/default/story-index/unlock', { reason: 'Done' })).toBe(202);
    await pg.untilDeployed('story-index', push);
  });

  it('an image that no release uses', async () => {
    const push = await pg.push('unknown-service');
    await pg.until(async () =>
      (await pg.api.events('release.candidate')).find(
        ({ data }) => data.image.tag === push.tag && data.reason === 'not used here',
      ),
    );

    expect(await pg.commitsOf(push)).toEqual([]);
  });
});

describe('A message that is none is set aside, and the next good one works', () => {
  let pids: Record<string, number>;
  beforeAll(() => {
    pids = pg.playground.ready().pids;
  });

  const told = (reason: string) =>
    pg.until(async () => (await pg.api.events('image.ignored')).find(({ data }) => data.reason === reason));

  it.each([
    ['JSON that is broken', '{"source": "aws.ecr", "detail-type": '],
    ['nesting without end', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['a poisoned key', '{"__proto__": {"polluted": true}, "source": "aws.ecr"}'],
    ['a flood of text', `{"source": "aws.ecr", "text": "${'x'.repeat(200_000)}"}`],
    ['a push that is not understood', '{"source": "aws.ecr", "detail-type": "ECR Image Action", "detail": 7}'],
  ])('%s becomes a dead letter', async (_, body) => {
    const before = (await pg.queue.deadLetters()).length;
    await pg.queue.send(body);
    await pg.until(async () => (await pg.queue.deadLetters()).length > before);
    await pg.until(() => pg.queue.isEmpty());
  });

  it('a push without a tag is told in the feed', async () => {
    const push: Push = { repository: 'word-counts', tag: '', digest: `sha256:${'a'.repeat(64)}`, at: new Date() };
    await pg.queue.send(pg.queue.eventOf(push));
    await told('no tag');
  });

  it('a digest that the registry does not know is told in the feed', async () => {
    const tag = newTag();
    await pg.queue.send(
      pg.queue.eventOf({ repository: 'word-counts', tag, digest: `sha256:${'a'.repeat(64)}`, at: new Date() }),
    );
    await told('not in the registry');
  });

  it('and no service had to be started again', async () => {
    const push = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', push);

    expect(await pg.commitsOf(push)).toHaveLength(1);
    expect(pg.playground.ready().pids).toEqual(pids);
  });
});

describe('A start that only looks bad is no reason to roll back', () => {
  it('not ready for 20 s, one restart, a pull that heals', async () => {
    await Promise.all(
      slowPushes.map(async (push) => {
        await pg.untilDeployed(push.repository, push);
        const told = await pg.api.states(push.repository);
        expect(told).not.toContain('release.failed');
        expect(told).not.toContain('rollback.requested');
      }),
    );

    expect((await pg.clone.commits()).filter(({ body }) => body.includes('Rollback: '))).toEqual([]);
  });
});
