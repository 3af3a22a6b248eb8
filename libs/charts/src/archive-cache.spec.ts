import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ArchiveCache } from './archive-cache.js';
import { digestOf } from './pack-chart.js';

const limits = { memoryBytes: 1000, diskBytes: 3000, diskFiles: 1000 };
const Note = z.object({ digest: z.string() });

describe('archives on disk', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'shipit-cache-')), 'charts');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true }));
  const restarted = (more: Partial<typeof limits> = {}) => new ArchiveCache(folder, { ...limits, ...more });

  it('are there after a restart, with what was noted about them', async () => {
    const [digest, archive] = someArchive();
    await restarted().put(digest, archive);
    await restarted().putNote('a commit', { digest });
    expect(Buffer.from((await restarted().get(digest)) ?? '')).toEqual(archive);
    expect(await restarted().note('a commit', Note)).toEqual({ digest });
    expect(await restarted().note('another', Note)).toBeUndefined();
    expect(await restarted().note('a commit', z.object({ other: z.string() }))).toBeUndefined();
    for (const file of await readdir(folder)) await writeFile(join(folder, file), 'damaged');
    expect(await restarted().note('a commit', Note)).toBeUndefined();
  });

  it('are nobody else’s to read or write', async () => {
    await restarted().put(...someArchive());
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('go when there are too many, those first that were not used for longest', async () => {
    const archives = [someArchive(), someArchive(), someArchive()];
    for (const [at, [digest, archive]] of archives.entries()) {
      await restarted().put(digest, archive);
      const file = join(folder, `${digest.replace(':', '-')}.tgz`);
      await utimes(file, 1000 + at, 1000 + at);
    }
    await restarted().get(archives[0]?.[0] ?? '');
    await restarted().put(...someArchive());
    const left = await Promise.all(archives.map(([digest]) => restarted().get(digest)));
    expect(left.map((archive) => archive !== undefined)).toEqual([true, false, true]);
    expect(await readdir(folder)).toHaveLength(3);
  });

  it('and notes about them are no more files than a folder should have, give or take some', async () => {
    const cache = restarted({ diskBytes: 1e6, diskFiles: 20 });
    const counts: number[] = [];
    for (let at = 0; at < 200; at++) {
      await cache.putNote(`commit ${at}`, { digest: 'x' });
      counts.push((await readdir(folder)).length);
    }
    expect(Math.max(...counts)).toBeLessThan(20 + 50);
    expect(Math.min(...counts.slice(100))).toBe(20);
    expect(await restarted().note('commit 199', Note)).toBeDefined();
  });

  it('do not fill the disk between two looks at it', async () => {
    const cache = restarted({ diskBytes: 9000 });
    for (let at = 0; at < 40; at++) await cache.put(...someArchive());
    expect((await readdir(folder)).length).toBeLessThanOrEqual(12);
  });

  it('that a killed process left half-written go with time', async () => {
    await restarted().put(...someArchive());
    const half = join(folder, `.${randomUUID()}`);
    await writeFile(half, randomBytes(2500));
    await utimes(half, 1000, 1000);
    await restarted().put(...someArchive());
    expect(await readdir(folder)).not.toContain(basename(half));
  });

  it('go alone: files and folders that somebody else put beside them stay, and hinder nothing', async () => {
    const others = ['disk.img', 'sha256-notes.tgz', '.profile'];
    for (const other of others) {
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, other), randomBytes(9000));
      await utimes(join(folder, other), 1000, 1000);
    }
    const [digest] = someArchive();
    await mkdir(join(folder, `${digest.replace(':', '-')}.tgz`));
    await utimes(join(folder, `${digest.replace(':', '-')}.tgz`), 1000, 1000);
    for (let at = 0; at < 10; at++) await restarted().put(...someArchive());
    const left = await readdir(folder);
    expect(left).toEqual(expect.arrayContaining(others));
    expect(left.length - others.length).toBe(4);
  });

  it('are counted once in memory, however many ask for them at once', async () => {
    const archives = [someArchive(), someArchive()];
    for (const [digest, archive] of archives) await restarted().put(digest, archive);
    const cache = restarted({ memoryBytes: 2000 });
    for (const [digest] of archives) await Promise.all(Array.from({ length: 20 }, () => cache.get(digest)));
    await rm(folder, { recursive: true });
    for (const [digest, archive] of archives) expect(await cache.get(digest)).toEqual(archive);
    await mkdir(folder);
  });

  it('are written by many at once', async () => {
    const [digest, archive] = someArchive();
    await Promise.all(Array.from({ length: 20 }, () => restarted({ diskBytes: 1e6 }).put(digest, archive)));
    expect(await readdir(folder)).toHaveLength(1);
    expect(Buffer.from((await restarted().get(digest)) ?? '')).toEqual(archive);
  });

  it('are kept in memory only where the folder cannot be written', async () => {
    await writeFile(folder, 'a file');
    const cache = restarted();
    const [digest, archive] = someArchive();
    await cache.put(digest, archive);
    await cache.putNote('a commit', { digest });
    expect(await cache.get(digest)).toBe(archive);
    expect(await cache.note('a commit', Note)).toEqual({ digest });
  });
});

function someArchive(): [string, Buffer] {
  const archive = randomBytes(900);
  return [digestOf(archive), archive];
}
