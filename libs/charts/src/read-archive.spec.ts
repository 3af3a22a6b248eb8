import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { chartFiles, chartOf } from './in-memory-chart-source.js';
import { checkFiles, readArchive } from './read-archive.js';

describe('reading a chart archive', () => {
  it('gives its files by their path in the chart', async () => {
    const { archive } = await chartOf({ 'templates/a.yaml': 'a: 1', [`${'deep/'.repeat(40)}file`]: 'x' });
    const files = await readArchive('Reading it', archive);
    expect([...files.keys()]).toEqual(['Chart.yaml', `${'deep/'.repeat(40)}file`, 'templates/a.yaml']);
    expect(Buffer.from(files.get('templates/a.yaml') ?? []).toString()).toBe('a: 1');
  });

  it('reads the packed charts in a folder, and refuses them as archives', async () => {
    const bomb = new Map([...chartFiles({}), ['charts/db.tgz', gzipSync(Buffer.alloc(20 * 1024 * 1024))]]);
    await expect(checkFiles('Reading it', bomb)).rejects.toThrow('charts/db.tgz: it unpacks to more than');
    const good = new Map([...chartFiles({}), ['charts/db.tgz', (await chartOf({})).archive]]);
    await expect(checkFiles('Reading it', good)).resolves.toBeUndefined();
  });
});
