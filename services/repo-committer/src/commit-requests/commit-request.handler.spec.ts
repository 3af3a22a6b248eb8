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
import type { SettingRequested } from './plan-request.js';

const path = 'releases/word-counts.yaml';

async function setUp(files: Record<string, string> = {}) {
  const committer = await startCommitter({ [path]: releaseFile('word-counts', { tag: sha('one') }), ...files });
  const inRegistry = (tag: string, minute: number) =>
    committer.registry.push(
      { registry: registryHost, repository: 'word-counts', tag },
      { digest: digestOf(tag), pushedAt: new Date(at(minute)) },
    );
  return { committer, inRegistry };
}

function request(type: SettingRequested['type'], id: string = type): SettingRequested {
  return {
    specversion: '1.0',
    id,
    source: 'api',
    subject: 'default/word-counts',
    time: at(30),
    type,
    data: { release: 'default/word-counts', actor: 'ann', reason: 'because' },
  };
}

describe('commit request', () => {
  it('locks a release by a commit, which stops pushes', async () => {
    const { committer } = await setUp();
    await committer.request(request('lock.requested'));
    await committer.push(pushOf({ tag: sha('two') }));
    expect(committer.reasons()).toEqual(['locked']);
    const [message = ''] = await committer.messages();
    expect(message).toMatch(/^Lock: default\/word-counts id=lock\.requested$/m);
    expect(committer.told('release.committed')).toMatchObject([
      { data: { requestId: 'lock.requested', path: 'releases/locks.yaml', actor: 'ann' } },
    ]);
  });

  it('commits once, however often it is asked, and says when there is nothing to change', async () => {
    const { committer } = await setUp();
    await committer.request(request('lock.requested'));
    await committer.request(request('lock.requested'));
    expect(await committer.messages()).toHaveLength(2);
    await committer.request(request('unlock.requested'));
    await committer.request(request('unlock.requested', 'again'));
    expect(await committer.messages()).toHaveLength(3);
    expect(committer.told('rollback.refused')).toMatchObject([
      { data: { reason: 'nothing to change', requestId: 'again' } },
    ]);
  });

  it('deploys the newest allowed image after an unlock', async () => {
    const { committer, inRegistry } = await setUp();
    inRegistry(sha('one'), 5);
    await committer.request(request('lock.requested'));
    for (const [tag, minute] of [
      [sha('two'), 10],
      [sha('three'), 12],
      ['latest', 20],
    ] as const)
      inRegistry(tag, minute);
    await committer.request(request('unlock.requested'));
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('ends a hold that a person’s step back began, by deploying again what was undone', async () => {
    const { committer, inRegistry } = await setUp();
    inRegistry(sha('one'), 5);
    inRegistry(sha('two'), 10);
    await committer.push(pushOf({ tag: sha('two'), minute: 10 }));
    await committer.git.push({ [path]: releaseFile('word-counts', { tag: sha('one') }) });
    await committer.request(request('resume.requested'));
    expect(await committer.text('word-counts')).toContain(sha('two'));
    expect(committer.told('rollback.refused')).toEqual([]);
    expect(committer.told('release.committed').at(-1)).toMatchObject({ data: { requestId: 'resume.requested' } });
    await committer.request(request('resume.requested'));
    expect(await committer.messages()).toHaveLength(4);
    await committer.push(pushOf({ tag: sha('three'), minute: 40 }));
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('deploys the newest image that is not blocked after an unlock, and the blocked one after a resume', async () => {
    const blocked = `[{image: ${registryHost}/word-counts:${sha('three')}, digest: "${digestOf(sha('three'))}"}]`;
    const locks = `resource_locks: {default/word-counts: {reasons: [freeze], blocked: ${blocked}}}\n`;
    const { committer, inRegistry } = await setUp({ 'releases/locks.yaml': locks });
    for (const [minute, tag] of ['one', 'two', 'three'].entries()) inRegistry(sha(tag), minute);
    await committer.request(request('unlock.requested'));
    expect(await committer.text('word-counts')).toContain(sha('two'));
    await committer.request(request('unlock.requested', 'again'));
    expect(committer.reasons()).toEqual(['blocked']);
    await committer.request(request('resume.requested'));
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('tries again when the registry does not answer', async () => {
    const { committer, inRegistry } = await setUp();
    await committer.request(request('lock.requested'));
    committer.registry.setDown(true);
    await expect(committer.request(request('unlock.requested'))).rejects.toThrow();
    committer.registry.setDown(false);
    inRegistry(sha('two'), 10);
    await committer.request(request('unlock.requested'));
    expect(await committer.text('word-counts')).toContain(sha('two'));
  });

  it.each([
    ['nothing to change', 'the release does not exist', { [path]: null }],
    ['cannot be edited', 'locks.yaml cannot be read', { 'releases/locks.yaml': 'version: [' }],
    ['cannot be edited', 'locks.yaml is too large', { 'releases/locks.yaml': `# ${'x'.repeat(1024 * 1024)}\n` }],
  ])('is refused (%s) when %s', async (reason, _, files) => {
    const { committer } = await setUp();
    await committer.git.push(files);
    await committer.request(request('lock.requested'));
    expect(committer.told('rollback.refused')).toMatchObject([{ data: { reason } }]);
    expect(await committer.messages()).toHaveLength(2);
  });
});
