import { fileURLToPath } from 'node:url';
import { findCrashPoints } from '@shipit/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUp, type SetUp } from './playground/set-up.js';

const servicesFolder = fileURLToPath(new URL('../services', import.meta.url));
const serviceOf: Readonly<Record<string, string>> = { committer: 'repo-committer' };

describe('A service that is killed between two steps is put in its place again, and all ends as it should', () => {
  let pg: SetUp;
  beforeAll(async () => {
    pg = await setUp();
  });
  afterAll(() => pg?.tearDown());

  /** A push to a release, which is deployed by exactly one commit in the end. */
  const pushTo = (repository: string) => async () => {
    const push = await pg.push(repository);
    return async () => {
      await pg.untilDeployed(repository, push);
      expect(await pg.commitsOf(push)).toHaveLength(1);
    };
  };

  const badPush = async () => {
    const good = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', good);
    const known = await rollbacks();
    await pg.pushBad('word-counts');
    return async () => {
      await pg.untilRolledBackTo('word-counts', good);
      expect((await rollbacks()) - known).toBe(1);
    };
  };

  const rollbacks = async (): Promise<number> =>
    (await pg.clone.commits()).filter(({ body }) => body.includes('Rollback: ')).length;

  const lock = async () => {
    const answered = pg.api.post('releases/default/billing/lock', { reason: 'Closed for the night' });
    return async () => {
      await answered;
      await pg.until(async () => (await pg.clone.file('releases/locks.yaml')).includes('Closed for the night'));
      expect((await pg.clone.commits()).filter(({ subject }) => /lock billing/i.test(subject))).toHaveLength(1);
    };
  };

  const removeRelease = async () => {
    await pg.clone.commit('releases/velocity/short-lived.yaml', () => undefined, 'Remove short-lived');
    return async () => {
      await pg.until(async () => (await pg.api.events('release.deleted')).length === 1);
      await expect(pg.api.release('short-lived')).rejects.toThrow('404');
    };
  };

  /** What leads past each point. */
  const ways: Readonly<Record<string, () => Promise<() => Promise<void>>>> = {
    'committer.after-announcement': pushTo('word-counts'),
    'committer.after-push': pushTo('word-counts'),
    'committer.before-push': pushTo('word-counts'),
    'committer.after-request-announcement': lock,
    'committer.after-rollback-announcement': badPush,
    'deployer.after-announce': pushTo('stories-web'),
    'deployer.after-apply': pushTo('stories-web'),
    'deployer.after-hook': pushTo('story-index'),
    'deployer.after-record': pushTo('stories-web'),
    'deployer.after-uninstall': removeRelease,
    'deployer.before-deployed': pushTo('stories-web'),
    'image-push-listener.after-publish': pushTo('word-counts'),
  };

  it('knows a way past each of them', () => {
    expect(Object.keys(ways).sort()).toEqual(findCrashPoints(servicesFolder));
  });

  it.each(Object.entries(ways))('%s', async (point, begin) => {
    if (begin === removeRelease) await pg.addRelease('short-lived', 'any');
    const [prefix = ''] = point.split('.');
    const service = serviceOf[prefix] ?? prefix;
    await pg.playground.stopService(service);
    await pg.playground.startService(service, { SHIPIT_CRASH_AT: point });
    const doomed = pg.pidOf(service);
    const settle = await begin();
    await pg.until(() => ![0, doomed].includes(pg.pidOf(service)));
    await settle();
  });
});
