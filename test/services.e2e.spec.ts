import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { releaseFiles, setUp, type SetUp } from './playground/set-up.js';

interface Delivery {
  type: string;
  subject: string;
  body: string;
  headers: Record<string, string>;
}

let pg: SetUp;
let receiver: Server;
const deliveries: Delivery[] = [];
beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { type, subject } = JSON.parse(body) as { type: string; subject: string };
      deliveries.push({ type, subject, body, headers: request.headers as Record<string, string> });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  pg = await setUp(['--webhook', `http://127.0.0.1:${port}/events`]);
});
afterAll(async () => {
  await pg?.tearDown();
  await new Promise((resolve) => receiver.close(resolve));
});

describe('Each service does its step, and what waited for it is done when it is back', () => {
  /** Something else that goes the whole way of commit to release while a service is away. */
  const untilPersonsCommitRuns = async (): Promise<void> => {
    const { revision = 0 } = await pg.api.release('billing');
    await pg.clone.commit(releaseFiles.billing, (text) =>
      text.replace(/replicas: (\d)/, (_, n: string) => `replicas: ${Number(n) + 1}`),
    );
    await pg.until(async () => (await pg.api.release('billing')).revision === revision + 1);
    await pg.until(() => pg.isIn('billing', 'Deployed'));
  };

  it('without the image-push-listener a push stays on the queue', async () => {
    await pg.playground.stopService('image-push-listener');
    const push = await pg.push('word-counts');
    await untilPersonsCommitRuns();
    expect(await pg.queue.isEmpty()).toBe(false);
    expect(await pg.commitsOf(push)).toEqual([]);

    await pg.playground.startService('image-push-listener');
    await pg.untilDeployed('word-counts', push);
  });

  it('without the repo-committer a push is no commit', async () => {
    await pg.playground.stopService('repo-committer');
    const push = await pg.push('word-counts');
    await pg.until(async () => (await pg.api.events('image.pushed')).some(({ data }) => data.image.tag === push.tag));
    await untilPersonsCommitRuns();
    expect(await pg.commitsOf(push)).toEqual([]);

    await pg.playground.startService('repo-committer');
    await pg.untilDeployed('word-counts', push);
    expect(await pg.commitsOf(push)).toHaveLength(1);
  });

  it('without the deployer a commit is no release', async () => {
    await pg.playground.stopService('deployer');
    const push = await pg.push('word-counts');
    await pg.until(async () => (await pg.commitsOf(push)).length === 1);
    expect((await pg.api.release('word-counts')).images[0]).not.toContain(push.tag);

    await pg.playground.startService('deployer');
    await pg.untilDeployed('word-counts', push);
  });

  it('without the rollback-watcher a bad release stays', async () => {
    const good = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', good);
    await pg.playground.stopService('rollback-watcher');
    await pg.pushBad('word-counts');
    await pg.until(() => pg.isIn('word-counts', 'Failed'));
    await pg.untilDeployed('story-index', await pg.push('story-index'));
    expect(await pg.isIn('word-counts', 'Failed')).toBe(true);

    await pg.playground.startService('rollback-watcher');
    await pg.untilRolledBackTo('word-counts', good);
  });

  it('without the notifier nobody is told; then everybody is, with a signature', async () => {
    await pg.playground.stopService('notifier');
    const push = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', push);
    const of = (type: string) => deliveries.find((one) => one.type === type && one.body.includes(push.tag));
    expect(of('release.deployed')).toBeUndefined();

    await pg.playground.startService('notifier');
    const { body, headers } = await pg.until(() => of('release.deployed'));
    expect(() => new Webhook(pg.ready.webhookSecret).verify(body, headers)).not.toThrow();
    for (const type of ['image.pushed', 'release.committed', 'release.deploying']) await pg.until(() => of(type));
  });

  it('without the api nothing answers, and pushes are deployed all the same', async () => {
    await pg.playground.stopService('api');
    await expect(pg.api.release('word-counts')).rejects.toThrow();
    const push = await pg.push('word-counts');
    await pg.until(async () => (await pg.commitsOf(push)).length === 1);

    await pg.playground.startService('api');
    await pg.untilDeployed('word-counts', push);
    expect(await (await fetch(pg.ready.web)).text()).toContain('<html');
  });
});

describe('Nothing is lost and nothing is stuck', () => {
  it.each(['image-push-listener', 'repo-committer', 'deployer', 'rollback-watcher', 'notifier', 'api'])(
    'when the %s is restarted in the middle of a push',
    async (service) => {
      const pushes = [await pg.push('word-counts'), await pg.push('stories-web')];
      await pg.restart(service, 'SIGTERM');
      for (const push of pushes) {
        await pg.untilDeployed(push.repository, push);
        expect(await pg.commitsOf(push)).toHaveLength(1);
      }
    },
  );

  it('when the deployer and the committer are restarted in the middle of a rollback', async () => {
    const good = await pg.push('word-counts');
    await pg.untilDeployed('word-counts', good);
    const [before] = await pg.clone.commits();
    const bad = await pg.pushBad('word-counts');
    await pg.until(() => pg.isIn('word-counts', 'Deploying'));
    await Promise.all([pg.restart('deployer', 'SIGTERM'), pg.restart('repo-committer', 'SIGTERM')]);
    await pg.untilRolledBackTo('word-counts', good);

    expect(await pg.commitsOf(bad)).toHaveLength(1);
    const made = await pg.clone.commits(before?.id);
    expect(made.filter(({ body }) => body.includes('Rollback: '))).toHaveLength(1);
  });

  it('when Redis is emptied between the push and its commit', async () => {
    await pg.playground.stopService('repo-committer');
    const push = await pg.push('word-counts');
    await pg.until(async () => (await pg.api.events('image.pushed')).some(({ data }) => data.image.tag === push.tag));
    await pg.emptyRedis();
    await pg.playground.startService('repo-committer');
    await pg.untilDeployed('word-counts', push);

    expect(await pg.commitsOf(push)).toHaveLength(1);
  });

  it('when Redis is emptied between the commit and its release', async () => {
    await pg.playground.stopService('deployer');
    const push = await pg.push('stories-web');
    await pg.until(async () => (await pg.commitsOf(push)).length === 1);
    await pg.emptyRedis();
    await pg.playground.startService('deployer');
    await pg.untilDeployed('stories-web', push);

    expect(await pg.commitsOf(push)).toHaveLength(1);
  });

  it('and explain still tells the way of a push from git and the cluster', async () => {
    const [commit] = (await pg.clone.commits()).filter(({ subject }) => subject.includes('stories-web'));
    await pg.emptyRedis();
    const { state, steps } = await pg.api.explain('stories-web');

    expect(state).toBe('Deployed');
    const done = steps.filter(({ outcome }) => outcome === 'done').map(({ step }) => step);
    expect(done).toEqual(expect.arrayContaining(['push', 'commit', 'sync', 'deploy', 'health']));
    expect(steps.find(({ step }) => step === 'commit')?.commit).toBe(commit?.id);
  });
});
