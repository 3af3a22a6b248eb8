import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { waitUntil } from '@shipit/testing';
import { ApiClient } from './api-client.js';
import { newTag, type Push, Queue, Registry } from './aws.js';
import { type Commit, GitClone } from './git-clone.js';
import { PlaygroundProcess } from './playground-process.js';

export const releaseFiles = {
  'word-counts': 'releases/velocity/word-counts.yaml',
  billing: 'releases/velocity/billing.yaml',
  'stories-web': 'releases/discovery/stories-web.yaml',
  'story-index': 'releases/discovery/story-index.yaml',
} as const;

const limitMs = 60_000;

/** A playground of its own with the four samples deployed, and the verbs of the tests. */
export async function setUp(args: readonly string[] = []) {
  const folder = await mkdtemp(join(tmpdir(), 'shipit-e2e-'));
  const playground = PlaygroundProcess.launch(join(folder, 'playground'), args);
  const tearDown = async (): Promise<void> => {
    await playground.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const ready = await playground.untilReady();
    const verbs = verbsOf(playground, await GitClone.of(ready, join(folder, 'clone')));
    for (const release of Object.keys(releaseFiles)) await verbs.until(() => verbs.isIn(release, 'Deployed'));
    return { ...verbs, folder, tearDown };
  } catch (error) {
    await tearDown();
    throw error;
  }
}

export type SetUp = Awaited<ReturnType<typeof setUp>>;

function verbsOf(playground: PlaygroundProcess, clone: GitClone) {
  const ready = playground.ready();
  const [registry, queue, api] = [new Registry(ready), new Queue(ready), new ApiClient(playground)];
  const until = <T>(check: () => T | Promise<T>, limit = limitMs) => waitUntil(check, { limitMs: limit, everyMs: 100 });

  const push = (repository: string, tag?: string): Promise<Push> => registry.push(repository, tag);
  /** Commits that deployed exactly this push. */
  const commitsOf = async ({ tag, digest }: Push): Promise<Commit[]> =>
    (await clone.commits()).filter(({ body }) =>
      body.split('\n').some((line) => line.startsWith('Deploy: ') && line.includes(`:${tag}@${digest} `)),
    );
  const pidOf = (service: string): number => playground.ready().pids[service] ?? 0;
  return {
    ...{ playground, ready, registry, queue, api, clone, until, push, commitsOf, pidOf },
    pushBad: (repository: string): Promise<Push> => registry.push(repository, newTag('bad')),
    isIn: async (release: string, state: string) => (await api.release(release)).state === state,
    untilDeployed: (release: string, { tag }: { tag: string }) => until(() => api.isRunning(release, tag)),
    untilRolledBackTo: (release: string, { tag }: { tag: string }) =>
      until(() => api.isRunning(release, tag, 'RolledBack')),
    /** What the feed says of a push that was not committed. */
    untilCandidate: (release: string, { tag }: { tag: string }, reason: string) =>
      until(async () =>
        (await api.events('release.candidate', release)).find(
          ({ data }) => data.image.tag === tag && data.reason === reason,
        ),
      ),
    /** Sends the signal and waits until the supervisor has put another process in its place. */
    restart: async (service: string, signal: NodeJS.Signals): Promise<void> => {
      const pid = pidOf(service);
      process.kill(pid, signal);
      await until(() => ![0, pid].includes(pidOf(service)));
    },
    /** A release of its own in the repository, put there by a person; deployed with a first image of that tag. */
    addRelease: async (name: string, tagPolicy: string): Promise<void> => {
      const { tag } = await registry.push(name, 'v1');
      const sample = await clone.file(releaseFiles['word-counts']);
      const text = sample
        .replaceAll('word-counts', name)
        .replace(/image-tags: .*/, `image-tags: ${tagPolicy}`)
        .replace(/tag: .*/, `tag: ${tag}`);
      await clone.commit(`releases/velocity/${name}.yaml`, () => text, `Add ${name}`);
      await until(async () => (await api.release(name)).state === 'Deployed');
    },
    emptyRedis: async (): Promise<void> => {
      const redis = new Redis(ready.redisUrl);
      await redis.flushall();
      redis.disconnect();
    },
  };
}
