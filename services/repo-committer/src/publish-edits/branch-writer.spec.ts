import { InMemoryGitRepository } from '@shipit/git/testing';
import { SystemClock } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import { describe, expect, it } from 'vitest';
import { Branch } from '../read-branch/branch.js';
import { BranchLease } from './branch-lease.js';
import { BranchWriter, type PlannedCommit } from './branch-writer.js';

const signal = new AbortController().signal;

async function setUp(deadlineMs = 5_000) {
  const git = await InMemoryGitRepository.create({ 'a.txt': '0' });
  const clock = new SystemClock();
  const log = new RecordedLog();
  const redis = { set: async () => 'OK' as const, eval: async () => 1 };
  const lease = new BranchLease(redis, clock, log, { key: 'lease', ttlMs: 1_000, waitMs: 10 });
  const branch = new Branch(git, 'releases', () => undefined);
  const author = { name: 'Ship-it', email: 'ship-it@example.com' };
  return { git, writer: new BranchWriter(branch, lease, { clock, log }, { author, deadlineMs }) };
}

function commitOf(text: string): PlannedCommit {
  return { message: `Set ${text}`, files: new Map([['a.txt', text]]) };
}

describe('the branch writer', () => {
  it('decides anew on the new tip when somebody else was first', async () => {
    const { git, writer } = await setUp();
    const tips: string[] = [];
    const written = await writer.write(async ({ tip }) => {
      tips.push(tip);
      if (tips.length === 1) await git.push({ 'b.txt': 'theirs' });
      return { commit: commitOf('ours'), outcome: tips.length };
    }, signal);
    expect(written).toMatchObject({ outcome: 2, commit: git.tip });
    expect(new Set(tips).size).toBe(2);
    expect(await git.text('b.txt')).toBe('theirs');
  });

  it('gives up at the deadline with an error that is tried again', async () => {
    const { git, writer } = await setUp(0);
    const writing = writer.write(async () => {
      await git.push({ 'b.txt': `${Math.random()}` });
      return { commit: commitOf('ours'), outcome: undefined };
    }, signal);
    await expect(writing).rejects.toMatchObject({ code: 'SHIPIT_GIT_REJECTED' });
    expect(await git.text('a.txt')).toBe('0');
  });

  it('writes one plan after the other, each on the commit before', async () => {
    const { git, writer } = await setUp();
    const write = (n: number) => writer.write(async () => ({ commit: commitOf(`${n}`), outcome: n }), signal);
    const written = await Promise.all([write(1), write(2), write(3)]);
    expect(written.map(({ tip }) => tip).slice(1)).toEqual(written.map(({ commit }) => commit).slice(0, 2));
    expect(await git.text('a.txt')).toBe('3');
  });

  it('goes on after a plan that failed', async () => {
    const { git, writer } = await setUp();
    const failed = writer.write(() => Promise.reject(new Error('cannot decide')), signal);
    const next = writer.write(async () => ({ commit: commitOf('next'), outcome: undefined }), signal);
    await expect(failed).rejects.toThrow('cannot decide');
    await next;
    expect(await git.text('a.txt')).toBe('next');
  });

  it('makes no commit where nothing is planned', async () => {
    const { git, writer } = await setUp();
    const { tip } = git;
    expect(await writer.write(async () => ({ outcome: 'nothing' }), signal)).toEqual({
      outcome: 'nothing',
      commit: undefined,
      tip,
    });
    expect(git.tip).toBe(tip);
  });
});
