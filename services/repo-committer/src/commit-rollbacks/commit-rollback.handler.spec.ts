import type { RollbackRequested } from '@shipit/contracts';
import { describe, expect, it } from 'vitest';
import {
  at,
  digestOf,
  pushOf,
  registryHost,
  releaseFile,
  sha,
  startCommitter,
} from '../../test/committer-in-memory.js';

const path = 'releases/word-counts.yaml';
const image = `${registryHost}/word-counts:${sha('two')}@${digestOf(sha('two'))}`;

/** A good revision, then a push that turns out to be bad. */
async function setUp(files: Record<string, string> = {}) {
  const committer = await startCommitter({
    [path]: releaseFile('word-counts', { tag: sha('one') }),
    'README.md': 'x\n',
    ...files,
  });
  const good = committer.git.tip;
  await committer.push(pushOf({ tag: sha('two') }));
  return { committer, good, bad: committer.git.tip };
}

function request(of: string, to: string, data: Partial<RollbackRequested['data']> = {}): RollbackRequested {
  return {
    specversion: '1.0',
    id: 'rollback-1',
    source: 'rollback-watcher',
    subject: 'default/word-counts',
    time: at(30),
    type: 'rollback.requested',
    data: {
      release: 'default/word-counts',
      of,
      to,
      cause: {
        kind: 'release',
        message: 'image cannot be pulled',
        object: 'Deployment/word-counts',
        imageAtFault: true,
      },
      by: 'watcher',
      actor: 'rollback-watcher',
      images: [image],
      then: 'next-image',
      ...data,
    },
  };
}

describe('commit rollback', () => {
  it('restores the spec and blocks the bad image in one commit that says why', async () => {
    const { committer, good, bad } = await setUp();
    await committer.rollback(request(bad, good));
    expect(await committer.text('word-counts')).toBe(releaseFile('word-counts', { tag: sha('one') }));
    expect(await committer.git.text('releases/locks.yaml')).toContain(digestOf(sha('two')));
    const [message = ''] = await committer.messages();
    expect(message).toContain(`Rollback: default/word-counts of=${bad} to=${good} id=rollback-1`);
    expect(message).toContain('Rollback-Cause: Deployment/word-counts: image cannot be pulled');
    expect(message).toContain('Actor: rollback-watcher');
    expect(await committer.messages()).toHaveLength(3);
    expect(committer.told('release.committed').at(-1)).toMatchObject({
      data: {
        commit: committer.git.tip,
        requestId: 'rollback-1',
        rollback: { of: bad, to: good },
        changes: [{ image: `${registryHost}/word-counts`, from: sha('two'), to: sha('one') }],
      },
    });
  });

  it('lets a newer push follow and the blocked image not', async () => {
    const { committer, good, bad } = await setUp();
    await committer.rollback(request(bad, good));
    await committer.push({ ...pushOf({ tag: sha('two') }), id: 'told-again' });
    expect(await committer.text('word-counts')).toContain(sha('one'));
    await committer.push(pushOf({ tag: sha('three'), minute: 40 }));
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('holds the release after a rollback that a person asked for', async () => {
    const { committer, good, bad } = await setUp();
    const cause = { kind: 'person', message: 'shows wrong counts', imageAtFault: false } as const;
    await committer.rollback(request(bad, good, { by: 'person', actor: 'ann', cause, then: 'hold' }));
    expect(await committer.git.text('releases/locks.yaml')).toContain('shows wrong counts');
    await committer.push(pushOf({ tag: sha('three'), minute: 40 }));
    expect(committer.reasons()).toEqual(['held']);
    expect(await committer.text('word-counts')).toContain(sha('one'));
  });

  it('commits once, however often it is asked', async () => {
    const { committer, good, bad } = await setUp();
    await committer.rollback(request(bad, good));
    await committer.rollback(request(bad, good));
    expect(await committer.messages()).toHaveLength(3);
    expect(committer.told('release.committed')).toHaveLength(2);
    expect(committer.told('rollback.refused')).toEqual([]);
  });

  it('announces a commit whose announcement failed', async () => {
    const { committer, good, bad } = await setUp();
    committer.events.failWith(new Error('Redis is away'));
    await expect(committer.rollback(request(bad, good))).rejects.toThrow('Redis is away');
    committer.events.failWith();
    await committer.rollback(request(bad, good));
    expect(await committer.messages()).toHaveLength(3);
    expect(committer.told('release.committed').at(-1)).toMatchObject({ data: { commit: committer.git.tip } });
  });

  it('keeps everybody’s other lines: comments, annotations, what says how the release is run', async () => {
    const { committer, good, bad } = await setUp();
    const now = (await committer.text('word-counts')) ?? '';
    const theirs = now.replace('"true"', '"false"').replace('spec:\n', '# a note\nspec:\n  rollback: {watch: 1m}\n');
    await committer.git.push({ [path]: theirs });
    await committer.rollback(request(bad, good));
    const restored = (await committer.text('word-counts')) ?? '';
    expect(restored).toContain(sha('one'));
    for (const kept of ['"false"', '# a note', 'watch: 1m']) expect(restored).toContain(kept);
  });

  it('is superseded by a newer deployment', async () => {
    const { committer, good, bad } = await setUp();
    await committer.push(pushOf({ tag: sha('three'), minute: 20 }));
    await committer.rollback(request(bad, good));
    expect(committer.told('rollback.refused')).toMatchObject([
      { data: { reason: 'superseded', requestId: 'rollback-1' } },
    ]);
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it.each([
    ['superseded', 'the release is gone', { [path]: null }],
    ['superseded', 'its file cannot be read', { [path]: 'a: [' }],
  ])('is %s when %s', async (reason, _, files) => {
    const { committer, good, bad } = await setUp();
    await committer.git.push(files);
    await committer.rollback(request(bad, good));
    expect(committer.told('rollback.refused')).toMatchObject([{ data: { reason } }]);
  });

  it('refuses where git holds nothing to restore', async () => {
    const { committer, bad } = await setUp();
    await committer.rollback(request(bad, bad));
    expect(committer.told('rollback.refused')).toMatchObject([{ data: { reason: 'nothing to restore' } }]);
    await committer.rollback({ ...request(bad, 'HEAD~1; rm -rf /'), id: 'rollback-2' });
    expect(committer.told('rollback.refused')).toHaveLength(2);
    expect(await committer.messages()).toHaveLength(2);
  });

  it('goes through while locks.yaml cannot be read, and leaves that file alone', async () => {
    const { committer, good, bad } = await setUp();
    await committer.git.push({ 'releases/locks.yaml': 'version: [' });
    await committer.rollback(request(bad, good));
    expect(await committer.text('word-counts')).toContain(sha('one'));
    expect(await committer.git.text('releases/locks.yaml')).toBe('version: [');
  });

  it.each([
    ['cannot be read', 'version: ['],
    ['cannot be edited', 'version: 1\nenv_lock: &none {reasons: []}\nresource_locks: {default/word-counts: *none}\n'],
  ])('holds the release by the commit itself where locks.yaml %s, until a resume', async (_why, locks) => {
    const { committer, good, bad } = await setUp();
    const named = { registry: registryHost, repository: 'word-counts' };
    for (const [tag, minute] of [
      [sha('two'), 10],
      [sha('three'), 40],
    ] as const)
      // prettier-ignore
      committer.registry.push({ ...named, tag }, { digest: digestOf(tag), pushedAt: new Date(at(minute)) });
    await committer.git.push({ 'releases/locks.yaml': locks });
    await committer.look();
    const cause = { kind: 'person', message: 'shows wrong counts', imageAtFault: false } as const;
    await committer.rollback(request(bad, good, { by: 'person', actor: 'ann', cause, then: 'hold' }));
    expect((await committer.messages())[0]).toMatch(/^Hold: default\/word-counts id=rollback-1$/m);

    await committer.git.push({ 'releases/locks.yaml': 'version: 1\n' });
    await committer.look();
    await committer.push(pushOf({ tag: sha('three'), minute: 40 }));
    expect(await committer.text('word-counts')).toContain(sha('one'));
    expect(committer.reasons().at(-1)).toBe('held');

    const resume = { release: 'default/word-counts', actor: 'ann', reason: 'mended' };
    const { specversion, source, subject, time } = request(bad, good);
    await committer.request({ specversion, source, subject, time, id: 'r1', type: 'resume.requested', data: resume });
    expect(await committer.text('word-counts')).toContain(sha('three'));
    await committer.push(pushOf({ tag: sha('four'), minute: 50 }));
    expect(await committer.text('word-counts')).toContain(sha('four'));
  });

  it('holds after an automatic rollback, too, where the bad image cannot be blocked', async () => {
    const { committer, good, bad } = await setUp();
    await committer.git.push({ 'releases/locks.yaml': 'version: [' });
    await committer.rollback(request(bad, good));
    await committer.git.push({ 'releases/locks.yaml': 'version: 1\n' });
    await committer.push(pushOf({ tag: sha('three'), minute: 40 }));
    expect(committer.reasons()).toEqual(['held']);
    expect(await committer.text('word-counts')).toContain(sha('one'));
  });

  it('finds the release where its file was moved since', async () => {
    const { committer, good, bad } = await setUp();
    await committer.git.push({
      [path]: null,
      'releases/team/wc.yaml': releaseFile('word-counts', { tag: sha('two') }),
    });
    await committer.rollback(request(bad, good));
    expect(await committer.git.text('releases/team/wc.yaml')).toContain(sha('one'));
  });
});
