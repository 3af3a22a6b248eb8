import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { HostileBench, HostileRow } from './hostile-row.js';
import { archiveWith, archiveWithRaw, chartYaml, octal, rawEntry, type TarEntry, tarOf } from './tar-archive.js';

type Row = [what: string, says: string, archive: (bench: HostileBench) => Promise<Uint8Array> | Uint8Array];

const MIB = 1024 * 1024;

/** Names and kinds of entries; `~` stands for a name that must not appear anywhere. */
const entries: [what: string, says: string, entry: TarEntry][] = [
  ['a name that leads out', 'leads out of the chart', { name: 'web/../../~' }],
  ['a folder that leads out', 'leads out of the chart', { name: 'web/../../~/', type: 'directory' }],
  ['a name that leads out in the middle', 'leads out of the chart', { name: 'web/a/../../../~' }],
  ['an absolute name', 'is an absolute name', { name: '/tmp/~' }],
  ['a drive', 'is an absolute name', { name: 'c:/~' }],
  ['a backslash', 'has a backslash', { name: 'web\\..\\..\\~' }],
  ['a share', 'has a backslash', { name: '\\\\server\\~' }],
  ['a longer name that leads out', 'leads out of the chart', { name: `web/${'a/'.repeat(200)}${'../'.repeat(210)}~` }],
  ['a PAX name that leads out', 'leads out of the chart', { name: 'web/good', pax: { path: 'web/../../~' } }],
  ['a NUL in a PAX name', 'has a NUL', { name: 'web/good', pax: { path: 'web/good\0/../../~' } }],
  ['a symbolic link', 'is a symlink', { name: 'web/~', type: 'symlink', linkname: '/etc/passwd' }],
  ['a symbolic link to a folder', 'is a symlink', { name: 'web/templates', type: 'symlink', linkname: '/tmp' }],
  ['a hard link', 'is a link', { name: 'web/~', type: 'link', linkname: 'web/Chart.yaml' }],
  ['a block device', 'is a block-device', { name: 'web/~', type: 'block-device', devmajor: 8, devminor: 0 }],
  ['a character device', 'is a character-device', { name: 'web/~', type: 'character-device' }],
  ['a pipe', 'is a fifo', { name: 'web/~', type: 'fifo' }],
  ['a file outside of the folder', "is not in the chart's folder", { name: 'stray.yaml' }],
  ['the same file twice', 'is there twice', { name: 'web/Chart.yaml' }],
  ['the same file in other words', 'is there twice', { name: 'web/.//Chart.yaml' }],
  ['a unicode twin', 'is there twice', { name: 'web/Chart.y\u{ff41}ml' }],
  [
    'a sparse file',
    'is a sparse file',
    { name: 'web/~', pax: { 'GNU.sparse.major': '1', 'GNU.sparse.realsize': '9e9' } },
  ],
];

const archives: Row[] = [
  ...entries.map(([what, says, entry]): Row => [
    what,
    says,
    ({ token }) => archiveWith(JSON.parse(JSON.stringify(entry).replaceAll('~', token)) as TarEntry),
  ]),
  ['an accent written in two ways', 'is there twice', () => archiveWith({ name: 'web/é' }, { name: 'web/e\u0301' })],
  [
    'a GNU long name that leads out',
    'leads out of the chart',
    ({ token }) => {
      const name = `web/../../${token}\0`;
      const long = rawEntry({ name: '././@LongLink', size: octal(name.length), type: 'L' }, name);
      return archiveWithRaw(long, rawEntry({ name: 'web/good', size: octal(1) }, 'x'));
    },
  ],
  [
    'an old sparse file',
    'a chart has only files',
    () => archiveWithRaw(rawEntry({ name: 'web/x', size: octal(1), type: 'S' }, 'x')),
  ],
  [
    'an unknown kind of entry',
    'a chart has only files',
    () => archiveWithRaw(rawEntry({ name: 'web/x', size: octal(1), type: 'Z' }, 'x')),
  ],
  [
    'a size beyond the end',
    'not a tar archive',
    () => archiveWithRaw(rawEntry({ name: 'web/x', size: octal(2 ** 30) }, 'x')),
  ],
  [
    'a size beyond all numbers',
    'not a tar archive',
    () => archiveWithRaw(rawEntry({ name: 'web/x', size: Buffer.alloc(12, 0x7f).fill(0x80, 0, 1) }, 'x')),
  ],
  [
    'a negative size',
    'not a tar archive',
    () => archiveWithRaw(rawEntry({ name: 'web/x', size: Buffer.alloc(12, 0xff) }, 'x')),
  ],
  ['a PAX size that lies', 'not a tar archive', () => archiveWith({ name: 'web/x', pax: { size: '99999999' } })],
  ['a negative PAX size', 'not a tar archive', () => archiveWith({ name: 'web/x', pax: { size: '-512' } })],
  ['a PAX size that is no number', 'not a tar archive', () => archiveWith({ name: 'web/x', pax: { size: 'x' } })],
  [
    'a wrong checksum',
    'not a tar archive',
    async () => gzipSync(Buffer.from((await tarOf([chartYaml])).fill('9', 148, 152))),
  ],
  ['an entry cut off', 'not a tar archive', async () => gzipSync((await tarOf([chartYaml])).subarray(0, 520))],
  ['no tar', 'not a tar archive', () => gzipSync(Buffer.alloc(4096, 1))],
  ['no gzip', 'not a gzip archive', () => Buffer.from('PK\x03\x04')],
  ['nothing at all', 'not a gzip archive', () => Buffer.alloc(0)],
  ['a cut gzip', 'not a gzip archive', async () => (await archiveWith()).subarray(0, 60)],
  [
    'a gzip with a wrong checksum',
    'not a gzip archive',
    async () => Buffer.concat([(await archiveWith()).subarray(0, -8), Buffer.alloc(8, 7)]),
  ],
  [
    'garbage after the gzip',
    'not a gzip archive',
    async () => Buffer.concat([await archiveWith(), Buffer.from('garbage')]),
  ],
  ['an empty tar', 'no Chart.yaml', () => gzipSync(Buffer.alloc(1024))],
  ['no Chart.yaml', 'no Chart.yaml', async () => gzipSync(await tarOf([{ name: 'web/values.yaml' }]))],
  [
    'Chart.yaml one folder too deep',
    'no Chart.yaml',
    async () => gzipSync(await tarOf([{ name: 'web/web/Chart.yaml' }])),
  ],
  ['5,001 files', 'more than 5000 entries', () => archiveWith(...numbered(5000))],
  [
    '5,001 folders',
    'more than 5000 entries',
    () => archiveWith(...numbered(5000).map(({ name }) => ({ name, type: 'directory' as const }))),
  ],
  ['a bomb', 'unpacks to more than', () => gzipSync(Buffer.alloc(20 * MIB))],
  [
    'a bomb that hides its ratio',
    'unpacks to more than 104857600',
    () =>
      archiveWith(
        { name: 'web/noise', content: randomBytes(2 * MIB) },
        { name: 'web/x', content: Buffer.alloc(101 * MIB) },
      ),
  ],
  [
    'a bomb of many parts',
    'unpacks to more than',
    () => Buffer.concat(Array.from({ length: 30 }, () => gzipSync(Buffer.alloc(MIB)))),
  ],
  ['too many bytes', 'is larger than 10485760', () => randomBytes(10 * MIB + 1)],
  [
    'a bomb in a packed dependency',
    'charts/a.tgz: it unpacks to more than',
    async () => withNested({ a: gzipSync(Buffer.alloc(20 * MIB)) }),
  ],
  [
    'a bomb made of many packed dependencies',
    'it unpacks to more than',
    async () =>
      withNested(
        Object.fromEntries(
          await Promise.all(
            Array.from({ length: 30 }, async (_, i) => [
              `c${i}`,
              await archiveWith({ name: 'web/x', content: Buffer.alloc(MIB - 4096) }),
            ]),
          ),
        ),
      ),
  ],
  [
    'packed dependencies with 5,001 files together',
    'more than 5000 entries',
    async () => withNested({ a: await archiveWith(...numbered(2500)), b: await archiveWith(...numbered(2500)) }),
  ],
  ['charts packed in each other', 'more than 5 deep', () => nested(7)],
  [
    'a name that leads out of a packed dependency',
    'charts/a.tgz: "web/../../',
    async ({ token }) => withNested({ a: await archiveWith({ name: `web/../../${token}` }) }),
  ],
  [
    'a link in a packed dependency of an unpacked one',
    'charts/b/charts/a.tgz: "web/l" is a symlink',
    async () =>
      archiveWith({
        name: 'web/charts/b/charts/a.tgz',
        content: await archiveWith({ name: 'web/l', type: 'symlink', linkname: '/etc/passwd' }),
      }),
  ],
  [
    'a packed dependency that is none',
    'charts/a.tgz: it is not a gzip archive',
    () => withNested({ a: Buffer.from('x') }),
  ],
];

const harmless: Row[] = [
  ['names that differ by case', '', () => archiveWith({ name: 'web/A' }, { name: 'web/a' })],
  ['a name of 100,000 letters', '', () => archiveWith({ name: `web/${'a'.repeat(100_000)}` })],
  ['a name 20,000 folders deep', '', () => archiveWith({ name: `web/${'a/'.repeat(20_000)}x` })],
  ['a name with control characters', '', () => archiveWith({ name: 'web/\x1b[2J\r\n\x07' })],
  [
    'names that are special to JavaScript',
    '',
    () => archiveWith({ name: 'web/__proto__' }, { name: 'web/constructor' }),
  ],
  ['a gzip in several parts', '', async () => inParts(await tarOf([chartYaml]))],
  [
    'ten packed dependencies',
    '',
    async () =>
      withNested(
        Object.fromEntries(
          await Promise.all(Array.from({ length: 10 }, async (_, i) => [`c${i}`, await archiveWith()])),
        ),
      ),
  ],
];

export const hostileArchives: HostileRow[] = [
  ...archives.map((row) => toRow(row, 'SHIPIT_CHART_ARCHIVE')),
  ...harmless.map((row) => toRow(row, 'harmless')),
  toRow(
    [
      'a PAX record without an end',
      'invalid tar header',
      () => archiveWithRaw(rawEntry({ name: 'x', size: octal(20), type: 'x' }, '999999999 path=web/a\n')),
    ],
    'SHIPIT_CHART_INVALID',
  ),
];

function toRow([what, says, archive]: Row, expected: HostileRow['expected']): HostileRow {
  const run: HostileRow['run'] = async (bench) => bench.takeArchive(await archive(bench));
  return { what: `an archive with ${what}`, expected, says, run };
}

function numbered(count: number): TarEntry[] {
  return Array.from({ length: count }, (_, i) => ({ name: `web/${i}`, content: randomBytes(40) }));
}

function withNested(dependencies: Record<string, Uint8Array>): Promise<Uint8Array> {
  const packed = Object.entries(dependencies).map(([name, content]) => ({ name: `web/charts/${name}.tgz`, content }));
  return archiveWith(...packed);
}

async function nested(depth: number): Promise<Uint8Array> {
  return depth === 0 ? archiveWith() : withNested({ a: await nested(depth - 1) });
}

function inParts(tar: Buffer): Buffer {
  return Buffer.concat([gzipSync(tar.subarray(0, 100)), gzipSync(tar.subarray(100))]);
}
