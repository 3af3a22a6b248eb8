import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { chartOf } from './in-memory-chart-source.js';
import { readArchive } from './read-archive.js';

describe('reading a chart archive', () => {
  it('gives its files by their path in the chart', async () => {
    const { archive } = await chartOf({ 'templates/a.yaml': 'a: 1', [`${'deep/'.repeat(40)}file`]: 'x' });
    const files = await readArchive('Reading it', archive);
    expect([...files.keys()]).toEqual(['Chart.yaml', `${'deep/'.repeat(40)}file`, 'templates/a.yaml']);
    expect(Buffer.from(files.get('templates/a.yaml') ?? []).toString()).toBe('a: 1');
  });

  it.each([
    ['a name that leads out', { name: 'web/../../etc/passwd' }, 'leads out of the chart'],
    ['an absolute name', { name: '/etc/passwd' }, 'is an absolute name'],
    ['a drive', { name: 'c:/windows/x' }, 'is an absolute name'],
    ['a backslash', { name: 'web\\..\\x' }, 'has a backslash'],
    ['a symbolic link', { name: 'web/link', type: 'symlink', linkname: '/etc/passwd' }, 'is a symlink'],
    ['a hard link', { name: 'web/link', type: 'link', linkname: 'web/Chart.yaml' }, 'is a link'],
    ['a device', { name: 'web/disk', type: 'block-device' }, 'is a block-device'],
    ['a pipe', { name: 'web/pipe', type: 'fifo' }, 'is a fifo'],
    ['a file outside of the folder', { name: 'stray.yaml' }, "is not in the chart's folder"],
    ['the same file twice', { name: 'web/Chart.yaml' }, 'is there twice'],
    ['the same file in other words', { name: 'web/./Chart.yaml' }, 'is there twice'],
    ['a unicode twin', { name: 'web/Chart.y\u{ff41}ml' }, 'is there twice'],
  ] as [string, Entry, string][])('refuses %s', async (_what, header, reason) => {
    const archive = await archiveOf([{ name: 'web/Chart.yaml' }, header]);
    await expect(readArchive('Reading it', archive)).rejects.toMatchObject({
      code: 'SHIPIT_CHART_ARCHIVE',
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    ['no gzip', Buffer.from('PK'), 'not a gzip archive'],
    ['a cut archive', gzipSync(Buffer.alloc(4096, 1)).subarray(0, 20), 'not a gzip archive'],
    ['no tar', gzipSync(Buffer.alloc(4096, 1)), 'not a tar archive'],
    ['nothing', gzipSync(Buffer.alloc(1024)), 'no Chart.yaml'],
    ['a bomb', gzipSync(Buffer.alloc(20 * 1024 * 1024)), 'unpacks to more than'],
    ['too much', Buffer.alloc(10 * 1024 * 1024 + 1), 'is larger than'],
  ])('refuses %s', async (_what, archive, reason) => {
    await expect(readArchive('Reading it', archive)).rejects.toThrow(reason);
  });

  it('refuses more files than a chart has', async () => {
    const archive = await archiveOf(Array.from({ length: 5001 }, (_, i) => ({ name: `web/${i}` })));
    await expect(readArchive('Reading it', archive)).rejects.toThrow('more than 5000 entries');
  });
});

type Entry = Partial<Header> & { name: string };

async function archiveOf(headers: Entry[]): Promise<Uint8Array> {
  const tar = pack();
  for (const header of headers) tar.entry(header, header.type === undefined ? 'x' : '');
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar) chunks.push(chunk as Uint8Array);
  return gzipSync(Buffer.concat(chunks));
}
