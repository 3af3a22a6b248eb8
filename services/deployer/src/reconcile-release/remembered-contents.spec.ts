import type { ReleaseContent } from '@shipit/charts';
import { describe, expect, it } from 'vitest';
import { RememberedContents } from './remembered-contents.js';

describe('what the records of revisions say', () => {
  it('is unpacked once, also for two who ask at the same time', async () => {
    const { ask, read } = setUp();
    await Promise.all([ask('a', 10), ask('a', 10)]);
    await ask('a', 10);
    expect(read).toEqual(['a']);
  });

  it('is held up to a number of bytes, however few revisions that are; the oldest goes first', async () => {
    const { ask, read } = setUp();
    for (const uid of ['a', 'b', 'c', 'c', 'b', 'a']) await ask(uid, 400);
    expect(read).toEqual(['a', 'b', 'c', 'a']);
  });

  it('is held for the revision at hand even where that alone is larger', async () => {
    const { ask, read } = setUp();
    for (const uid of ['a', 'large', 'large', 'a', 'large']) await ask(uid, uid === 'large' ? 5000 : 1);
    expect(read).toEqual(['a', 'large', 'a', 'large']);
  });

  it('is held of a number of revisions, however small they are', async () => {
    const { ask, read } = setUp();
    for (const uid of ['a', 'b', 'c', 'd', 'b', 'a']) await ask(uid, 1);
    expect(read).toEqual(['a', 'b', 'c', 'd', 'a']);
  });

  it('is asked for again after it could not be read', async () => {
    const { contents, ask, read } = setUp();
    await expect(contents.of('a', () => Promise.reject(new Error('the cluster is away')))).rejects.toThrow('away');
    await ask('a', 1);
    expect(read).toEqual(['a']);
  });
});

function setUp() {
  const contents = new RememberedContents({ revisions: 3, bytes: 1000 });
  const read: string[] = [];
  const ask = (uid: string, bytes: number) =>
    contents.of(uid, () => {
      read.push(uid);
      return Promise.resolve(contentOf(bytes));
    });
  return { contents, ask, read };
}

function contentOf(bytes: number): ReleaseContent {
  return {
    ...{ name: 'shop', namespace: 'prod', revision: 1, status: 'deployed', description: '', notes: '' },
    ...{ firstDeployed: undefined, lastDeployed: undefined, rollbackRevision: 0, chart: undefined, applyMethod: 'ssa' },
    ...{ values: {}, manifestText: ' '.repeat(bytes), manifests: [], hooks: [] },
  };
}
