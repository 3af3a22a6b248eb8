import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecordedLog } from '@shipit/platform/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chartCacheIn } from './chart-cache-folder.js';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'shipit-cache-folder-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

describe('the folder for charts', () => {
  it('is made for the deployer alone', async () => {
    const folder = join(home, 'made', 'here');
    expect(chartCacheIn(folder, new RecordedLog())).toEqual({ cacheFolder: folder });
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('is left alone, and not read either, where it cannot be written: the log says so', async () => {
    const file = join(home, 'file');
    await writeFile(file, '');
    const log = new RecordedLog();
    expect(chartCacheIn(join(file, 'charts'), log)).toEqual({});
    expect(log.lines).toMatchObject([{ level: 'warn', message: expect.stringContaining('in memory only') as string }]);
  });

  it('is needed by nobody', () => {
    expect(chartCacheIn(undefined, new RecordedLog())).toEqual({});
  });
});
