import { describe, expect, it } from 'vitest';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import {
  at,
  digestOf,
  pushOf,
  registryHost,
  releaseFile,
  sha,
  startCommitter,
} from '../../test/committer-in-memory.js';

const wordCounts = (tag = sha('one')) => ({ 'releases/word-counts.yaml': releaseFile('word-counts', { tag }) });

describe('commit images', () => {
  it('changes the tag and nothing else, in one commit that says what it did', async () => {
    const committer = await startCommitter(wordCounts());
    const before = (await committer.text('word-counts')) ?? '';
    await committer.push(pushOf({ tag: sha('two') }));
    expect(await committer.text('word-counts')).toBe(before.replace(sha('one'), sha('two')));
    const [message = '', ...others] = await committer.messages();
    expect(others).toHaveLength(1);
    expect(message).toContain(`Deploy word-counts ${sha('two').slice(0, 7)}\n`);
    expect(message).toContain(
      `Deploy: default/word-counts ${registryHost}/word-counts:${sha('two')}@${digestOf(sha('two'))} from=${sha('one')} pushed=${at(10)}`,
    );
    expect(message).toMatch(/^Trace-Id: [0-9a-f]{32}$/m);
    expect(committer.told('release.committed')).toMatchObject([
      {
        subject: 'default/word-counts',
        data: {
          commit: committer.git.tip,
          path: 'releases/word-counts.yaml',
          changes: [{ image: `${registryHost}/word-counts`, from: sha('one'), to: sha('two') }],
        },
      },
    ]);
  });

  it('commits once, however often the same push is told', async () => {
    const committer = await startCommitter(wordCounts());
    const push = pushOf({ tag: sha('two') });
    await committer.push(push, push);
    await committer.push(push);
    expect(await committer.messages()).toHaveLength(2);
    expect(committer.told('release.committed')).toHaveLength(1);
    expect(committer.reasons()).toEqual([]);
  });

  it('announces a commit that a killed process left unannounced, and makes no second one', async () => {
    const committer = await startCommitter(wordCounts());
    const deaf = new InMemoryEventBus();
    deaf.failWith(new Error('Redis is away'));
    const push = pushOf({ tag: sha('two') });
    await expect(committer.replica(deaf).images.handle(push, committer.context())).rejects.toThrow('Redis is away');
    expect(committer.told('release.committed')).toEqual([]);
    await committer.push(push);
    expect(await committer.messages()).toHaveLength(2);
    expect(committer.told('release.committed')).toMatchObject([{ data: { commit: committer.git.tip } }]);
  });

  it('finds its commit when the reply to the push was lost and the message comes again', async () => {
    const committer = await startCommitter(wordCounts());
    const replica = committer.replica();
    const push = pushOf({ tag: sha('two') });
    committer.git.failNext('reply-lost', 'reply-lost');
    const clone = committer.git;
    await committer.push(push).catch(() => undefined);
    await replica.images.handle(push, committer.context());
    expect(await committer.messages()).toHaveLength(2);
    expect(await clone.text('releases/word-counts.yaml')).toContain(sha('two'));
  });

  it('folds pushes that come together into one commit', async () => {
    const names = Array.from({ length: 14 }, (_, n) => `service-${n}`);
    const files = names.map((name) => [`releases/${name}.yaml`, releaseFile(name, { tag: sha('one') })] as const);
    const committer = await startCommitter(Object.fromEntries(files));
    await committer.push(...names.map((repository) => pushOf({ tag: sha(repository), repository })));
    const [message = '', ...others] = await committer.messages();
    expect(others).toHaveLength(1);
    expect(message).toMatch(/^Deploy 14 services\n/);
    expect(message.match(/^Deploy: /gm)).toHaveLength(14);
    for (const name of names) expect(await committer.text(name)).toContain(sha(name));
    expect(committer.told('release.committed')).toHaveLength(14);
  });

  it('takes the newest of several pushes of one image and says so of the others', async () => {
    const committer = await startCommitter(wordCounts());
    const minutes = [12, 15, 11, 14, 13];
    await committer.push(...minutes.map((minute) => pushOf({ tag: sha(`m${minute}`), minute })));
    expect(await committer.text('word-counts')).toContain(sha('m15'));
    const [message = '', ...others] = await committer.messages();
    expect(others).toHaveLength(1);
    expect(message).toContain(`from=${sha('one')}`);
    expect(message.match(/^Deploy: /gm)).toHaveLength(1);
    expect(committer.reasons()).toEqual(['older', 'older', 'older', 'older']);
  });

  it('changes every release that uses the image', async () => {
    const committer = await startCommitter({
      'releases/a.yaml': releaseFile('a', { tag: sha('one'), repository: 'shared' }),
      'releases/b.yaml': `${releaseFile('b', { tag: sha('one'), repository: 'shared' })}---\n${releaseFile('c', { tag: sha('one'), repository: 'shared', autodeploy: false })}`,
    });
    await committer.push(pushOf({ tag: sha('two'), repository: 'shared' }));
    expect(await committer.text('a')).toContain(sha('two'));
    const both = (await committer.text('b')) ?? '';
    expect(both.indexOf(sha('two'))).toBeLessThan(both.indexOf(sha('one')));
    expect(committer.reasons()).toEqual(['autodeploy off']);
    expect(committer.told('release.committed').map(({ subject }) => subject)).toEqual(['default/a', 'default/b']);
  });

  it('decides anew when somebody else pushes in between, and loses nobody’s line', async () => {
    const committer = await startCommitter({ ...wordCounts(), 'README.md': 'hello\n' });
    const [a, b] = [committer.replica(), committer.replica()];
    const writing = Array.from({ length: 10 }, (_, n) =>
      committer.git.push({ 'README.md': `${n}\n`, [`notes/${n}.md`]: 'x\n' }),
    );
    await Promise.all([
      ...writing,
      a.images.handle(pushOf({ tag: sha('two'), minute: 10 }), committer.context()),
      b.images.handle(pushOf({ tag: sha('three'), minute: 11 }), committer.context()),
    ]);
    expect(await committer.text('word-counts')).toContain(sha('three'));
    expect((await committer.git.listFiles(committer.git.tip, 'notes')).length).toBe(10);
  });

  it('fails alone when the registry does not answer, and only for the image it was asked about', async () => {
    const committer = await startCommitter({
      ...wordCounts(),
      'releases/other.yaml': releaseFile('other', { tag: 'v1', annotations: '    shipit.dev/image-tags: any\n' }),
    });
    await committer.push(pushOf({ tag: sha('two') }));
    committer.registry.setDown(true);
    const good = committer.push(pushOf({ tag: sha('three'), minute: 12 }));
    await expect(committer.push(pushOf({ tag: 'v2', repository: 'other' }))).rejects.toThrow('registry');
    await good;
    expect(await committer.text('word-counts')).toContain(sha('three'));
  });

  it('does nothing more when it is told to stop', async () => {
    const committer = await startCommitter(wordCounts());
    const handled = committer
      .replica()
      .images.handle(pushOf({ tag: sha('two') }), committer.context(AbortSignal.abort()));
    await expect(handled).rejects.toThrow();
    expect(await committer.messages()).toHaveLength(1);
  });
});
