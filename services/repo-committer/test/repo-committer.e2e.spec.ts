import { fileURLToPath } from 'node:url';
import type { ShipitEvent } from '@shipit/contracts';
import { IsomorphicGitRepository } from '@shipit/git';
import { findCrashPoints } from '@shipit/platform/testing';
import { hasRedis, type RunningRedis, startRedis, waitUntil } from '@shipit/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { releaseFile, sha } from './committer-in-memory.js';
import { pushTo, setUp } from './running-committer.js';

const isMissing = hasRedis() ? '' : ' (skipped: redis-server is not installed)';
type Committer = Awaited<ReturnType<typeof setUp>>;

describe.skipIf(isMissing)(`the committer as a process${isMissing}`, () => {
  let redis: RunningRedis;
  let committer: Committer;

  beforeAll(async () => {
    redis = await startRedis();
  });

  afterEach(async () => {
    await committer.close();
    await redis.empty();
  });

  afterAll(() => redis.close());

  async function withReleases(...names: string[]): Promise<Committer> {
    const files = names.map((name) => [`releases/${name}.yaml`, releaseFile(name, { tag: sha('one') })] as const);
    committer = await setUp(redis, { ...Object.fromEntries(files), 'README.md': 'hello\n' });
    return committer;
  }

  it('makes of one push one commit whose diff is exactly the tag’s line', async () => {
    const { start, publish, told, git, ecr } = await withReleases('word-counts', 'other');
    await start();
    await publish(pushTo(ecr, 'word-counts', sha('two')));
    const [event] = await told('release.committed', 1);
    expect(event).toMatchObject({
      subject: 'default/word-counts',
      data: { commit: (await git('rev-parse', 'main')).trim() },
    });
    const diff = (await git('show', '--format=', '--unified=0', 'main'))
      .split('\n')
      .filter((line) => /^[-+](?![-+])/.test(line));
    expect(diff).toEqual([
      `-      tag: ${sha('one')}   # set by Ship-it`,
      `+      tag: ${sha('two')}   # set by Ship-it`,
    ]);
    expect(await git('log', '-1', '--format=%(trailers:key=Deploy,valueonly)', 'main')).toContain(
      'default/word-counts ',
    );
  });

  it('makes one commit of the same push told three times', async () => {
    const { start, publish, told, commits, ecr } = await withReleases('word-counts', 'other');
    await start();
    const push = pushTo(ecr, 'word-counts', sha('two'));
    await publish(push, { ...push, id: `${push.id}-again` }, { ...push, id: `${push.id}-and-again` });
    await publish(pushTo(ecr, 'other', sha('last')));
    await told('release.committed', 2);
    expect(
      (await commits()).filter((subject) => subject.includes('word-counts') || subject.includes('services')),
    ).toHaveLength(1);
  });

  it('folds fifty pushes that come at once into at most three commits, all of them right', async () => {
    const names = Array.from({ length: 50 }, (_, n) => `service-${n}`);
    const { start, publish, told, commits, text, ecr } = await withReleases(...names);
    await start();
    await Promise.all(names.map((name) => publish(pushTo(ecr, name, sha(name)))));
    await told('release.committed', 50);
    expect((await commits()).length - 1).toBeLessThanOrEqual(3);
    for (const name of names) expect(await text(`releases/${name}.yaml`)).toBe(releaseFile(name, { tag: sha(name) }));
  });

  it.each(findCrashPoints(fileURLToPath(new URL('../src', import.meta.url))))(
    'makes one commit when it is killed at %s',
    async (crashPoint) => {
      const { start, publish, told, commits, git, ecr } = await withReleases('word-counts');
      const killed = await start({ SHIPIT_CRASH_AT: crashPoint });
      const before = (await commits()).length;
      const prepared = await prepare(committer, crashPoint);
      await publish(prepared ?? messageFor(crashPoint, ecr));
      expect((await killed.ended()).signal).toBe('SIGKILL');
      await start();
      const answered = await told('release.committed', prepared ? 2 : 1);
      expect(answered.at(-1)).toMatchObject({ data: { commit: (await git('rev-parse', 'main')).trim() } });
      expect((await commits()).length).toBe(before + (prepared ? 2 : 1));
    },
  );

  it('loses nobody’s line while others push to the branch', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `service-${n}`);
    const { start, publish, told, git, text, ecr, server, token } = await withReleases(...names);
    await start();
    const ann = new IsomorphicGitRepository({ url: server.repositoryUrl('gitops'), branch: 'main', token });
    const pushing = names.map(async (name, n) => {
      await waitUntil(async () => (await git('rev-list', '--count', 'main')).trim() !== `${n}`, { limitMs: 5_000 });
      await publish(pushTo(ecr, name, sha(name)));
    });
    await writeNotes(ann, 20);
    await Promise.all(pushing);
    await told('release.committed', 10);
    await ann.close();
    for (const name of names) expect(await text(`releases/${name}.yaml`)).toContain(sha(name));
    expect((await git('ls-tree', '--name-only', 'main', 'notes/')).trim().split('\n')).toHaveLength(20);
    expect(await git('log', '--merges', '--format=%H', 'main')).toBe('');
  });

  it('takes up what was queued while Redis was away and was not running', async () => {
    const { start, publish, told, commits, ecr } = await withReleases('word-counts');
    await publish(pushTo(ecr, 'word-counts', sha('two')));
    const first = await start();
    await told('release.committed', 1);
    expect((await first.stop()).code).toBe(0);
    await publish(pushTo(ecr, 'word-counts', sha('three')));
    await start();
    await told('release.committed', 2);
    expect(await commits()).toHaveLength(3);
  });
});

/** What makes the committer pass a crash point; undefined where a deployment must be there first. */
function messageFor(crashPoint: string, ecr: Committer['ecr']): ShipitEvent {
  if (!crashPoint.includes('request')) return pushTo(ecr, 'word-counts', sha('two'));
  return {
    ...envelopeOf('lock-1'),
    type: 'lock.requested',
    data: { release: 'default/word-counts', actor: 'ann', reason: 'freeze' },
  };
}

/** A rollback needs something that went wrong: deploys it by another process and returns the request. */
async function prepare(
  { start, publish, told, git, ecr }: Committer,
  crashPoint: string,
): Promise<ShipitEvent | undefined> {
  if (!crashPoint.includes('rollback')) return undefined;
  const to = (await git('rev-parse', 'main')).trim();
  const helper = await start();
  await publish(pushTo(ecr, 'word-counts', sha('two')));
  await told('release.committed', 1);
  await helper.stop();
  const cause = { kind: 'release', message: 'image cannot be pulled', imageAtFault: false } as const;
  return {
    ...envelopeOf('rollback-1'),
    type: 'rollback.requested',
    data: {
      release: 'default/word-counts',
      of: (await git('rev-parse', 'main')).trim(),
      to,
      cause,
      by: 'watcher',
      actor: 'rollback-watcher',
      images: [],
      then: 'next-image',
    },
  };
}

function envelopeOf(id: string) {
  return {
    specversion: '1.0' as const,
    id,
    source: 'test',
    subject: 'default/word-counts',
    time: new Date().toISOString(),
  };
}

async function writeNotes(repository: IsomorphicGitRepository, count: number): Promise<void> {
  let parent = await repository.fetch();
  for (let n = 0; n < count;) {
    const files = new Map([[`notes/${n}.md`, Buffer.from(`${n}\n`)]]);
    const { outcome, commit } = await repository.publish({
      parent,
      message: `Note ${n}`,
      author: { name: 'Ann', email: 'a@example.com' },
      files,
    });
    if (outcome === 'published') n += 1;
    parent = commit;
  }
}
