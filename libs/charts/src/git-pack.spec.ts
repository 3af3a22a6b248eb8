import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startAnswering } from '../test/answering-server.js';
import { GitChartSource } from './git-chart-source.js';
import { applyGitDelta } from './git-delta.js';
import { readGitPack } from './git-pack.js';
import { HelmEngine } from './helm-engine.js';

const limits = { objects: 100, bytes: 10_000 };
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe('a pack of git objects', () => {
  it('gives them by their ids, whole or as changes of others', async () => {
    const change = Buffer.from([3, 5, 0b1001_0000, 3, 2, ...Buffer.from('!?')]);
    const pack = packOf([
      entry(3, 'abc'),
      Buffer.concat([head(6, change.length), Buffer.from([distance]), deflateSync(change)]),
    ]);
    const objects = await readGitPack(pack, limits);
    expect([...objects].map(([id, { bytes }]) => [id, bytes.toString()])).toEqual([
      [idOf('abc'), 'abc'],
      [idOf('abc!?'), 'abc!?'],
    ]);
  });

  it.each([
    ['no pack', Buffer.from('PACX'), 'no pack'],
    ['a cut pack', packOf([entry(3, 'abc')]).subarray(0, -1), 'checksum'],
    ['more objects than allowed', packOf([entry(3, 'abc')], 101), 'at most 100'],
    ['fewer objects than it tells', packOf([entry(3, 'abc')], 2), 'ends too early'],
    ['an object of no known kind', packOf([entry(5, 'abc')]), 'of no known kind'],
    ['an object that is larger than it tells', packOf([entry(3, 'a'.repeat(500), 5)]), 'larger than 5'],
    ['an object that is smaller than it tells', packOf([entry(3, 'abc', 500)]), 'not the size'],
    ['an object that is too large', packOf([entry(3, '', 10_001)]), 'too large'],
    ['an object without an end to its size', packOf([Buffer.alloc(30, 0xff)]), 'too large'],
    [
      'objects that are too large together',
      packOf([entry(3, 'a'.repeat(6000)), entry(3, 'b'.repeat(6000))]),
      'more than 10000',
    ],
    [
      'a change of what is not there',
      packOf([Buffer.concat([head(6, 3), Buffer.from([9]), deflateSync('abc')])]),
      'not there',
    ],
    [
      'a change of an unknown object',
      packOf([Buffer.concat([head(7, 3), Buffer.alloc(20), deflateSync('abc')])]),
      'not there',
    ],
    ['bytes that are not compressed', packOf([Buffer.concat([head(3, 3), Buffer.from('abcdef')])]), 'incorrect header'],
  ])('is refused with %s', async (_what, pack, reason) => {
    await expect(readGitPack(pack, limits)).rejects.toThrow(reason);
  });

  it.each([
    ['is of another object', [4, 1, 1, 0], 'of another object'],
    ['reaches beyond its base', [3, 9, 0b1001_0000, 9], 'beyond its object'],
    ['starts beyond its base', [3, 3, 0b1001_0001, 200, 3], 'beyond its object'],
    ['reaches beyond its own end', [3, 9, 9, 1], 'beyond its object'],
    ['is larger than it tells', [3, 1, 0b1001_0000, 3], 'larger than it tells'],
    ['is smaller than it tells', [3, 9, 0b1001_0000, 3], 'smaller than it tells'],
    ['does nothing', [3, 3, 0], 'beyond its object'],
    ['has no size', [0xff, 0xff], 'has no size'],
    ['tells a size beyond the limit', [3, 0xff, 0xff, 0xff, 0xff, 0x7f], 'too much'],
  ])('is refused with a change that %s', (_what, delta, reason) => {
    const reserve = (size: number): void => {
      if (size > 1000) throw new Error('too much');
    };
    expect(() => applyGitDelta(Buffer.from('abc'), Buffer.from(delta), reserve)).toThrow(reason);
  });
});

describe('a git server that means harm', () => {
  const engine = new HelmEngine({ workers: 1 });
  afterAll(() => engine.close());
  const id = 'a'.repeat(40);

  it.each([
    ['a page', '<html>', 'SHIPIT_CHART_DOWNLOAD', 'cannot be understood'],
    ['an error', line(`ERR upload-pack: not our ref ${id}`), 'SHIPIT_CHART_NOT_FOUND', 'not our ref'],
    ['an error of another kind', line('\x03out of disk'), 'SHIPIT_CHART_DOWNLOAD', 'says "out of disk"'],
    ['no pack', line('NAK\n'), 'SHIPIT_CHART_ARCHIVE', 'no pack'],
    ['a line that is cut', 'ffffabc', 'SHIPIT_CHART_DOWNLOAD', 'cannot be understood'],
    ['a pack without the commit', packLine([entry(3, 'abc')]), 'SHIPIT_CHART_ARCHIVE', 'did not send commit'],
  ] as [string, string | Buffer, string, string][])(
    'is refused with %s in its answer',
    async (_what, body, code, reason) => {
      const fetching = fetchPack(id, body);
      await expect(fetching).rejects.toMatchObject({ code, message: expect.stringContaining(reason) as string });
    },
  );

  it('cannot send us, and our credentials, elsewhere', async () => {
    const asked: unknown[] = [];
    const other = await startAnswering((response, request) => {
      asked.push(request.url);
      response.end();
    });
    const location = `${other.url}/a.git/git-upload-pack`;
    const server = await startAnswering((response) => response.writeHead(307, { location }).end());
    closing.push(other.close, server.close);
    const credentials = [other.url, server.url].map((prefix) => ({ prefix, authorization: 'Basic secret' }));
    const source = new GitChartSource(engine, { allowPlainHttp: true, credentials });
    const fetching = source.fetch({ repository: `git+${server.url}/a.git?ref=${id}`, name: 'web', version: '1.2.3' });
    await expect(fetching).rejects.toThrow(`redirects to ${location}: use that address`);
    expect(asked).toEqual([]);
  });

  it.each([
    ['a link', '120000', 'values.yaml', 'is a link'],
    ['another repository', '160000', 'sub', 'another repository'],
    ['a name that leads out', '100644', '..', 'is no name'],
    ['a name with a path', '100644', 'a/../b', 'is no name'],
    ['a unicode twin', '100644', 'Chart.y\u{ff41}ml', 'is there twice'],
    ['a folder in itself, by an unknown id', '40000', 'deep', 'did not send tree'],
  ])('is refused with %s in the chart', async (_what, mode, name, reason) => {
    const blob = 'apiVersion: v2\nname: web\nversion: 1.2.3\n';
    const tree = Buffer.concat([treeEntry('100644', 'Chart.yaml', blob), treeEntry(mode, name, blob)]);
    const { commit, pack } = commitOf(tree, [entry(3, blob)]);
    await expect(fetchPack(commit, pack)).rejects.toMatchObject({
      code: 'SHIPIT_CHART_ARCHIVE',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('is refused with folders that multiply', async () => {
    const entries: Buffer[] = [];
    let inner = Buffer.alloc(0);
    for (let level = 0; level < 20; level++) {
      entries.push(entry(2, inner));
      const inside = inner;
      inner = Buffer.concat(['a', 'b', 'c', 'd'].map((name) => treeEntry('40000', name, inside, 'tree')));
    }
    const blob = 'apiVersion: v2\nname: web\nversion: 1.2.3\n';
    const root = Buffer.concat([treeEntry('100644', 'Chart.yaml', blob), treeEntry('40000', 'x', inner, 'tree')]);
    const { commit, pack } = commitOf(root, [...entries, entry(2, inner), entry(3, blob)]);
    await expect(fetchPack(commit, pack)).rejects.toThrow('has too many folders');
  });

  async function fetchPack(commit: string, pack: string | Buffer): Promise<unknown> {
    const server = await startAnswering((response) => response.end(pack));
    closing.push(server.close);
    const source = new GitChartSource(engine, { allowPlainHttp: true });
    return source.fetch({ repository: `git+${server.url}/a.git?ref=${commit}`, name: 'web', version: '1.2.3' });
  }
});

/** From the second object of the first test back to its first. */
const distance = entry(3, 'abc').length;

function head(kind: number, size: number): Buffer {
  const bytes = [(kind << 4) | (size & 15)];
  for (let rest = size >> 4; rest > 0; rest >>= 7) {
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) | 128;
    bytes.push(rest & 127);
  }
  return Buffer.from(bytes);
}

function entry(kind: number, content: string | Buffer, size = Buffer.from(content).length): Buffer {
  return Buffer.concat([head(kind, size), deflateSync(content)]);
}

function packOf(entries: Buffer[], count = entries.length): Buffer {
  const start = Buffer.from('PACK\0\0\0\x02\0\0\0\0', 'latin1');
  start.writeUInt32BE(count, 8);
  const content = Buffer.concat([start, ...entries]);
  return Buffer.concat([content, createHash('sha1').update(content).digest()]);
}

function idOf(content: string | Buffer, type = 'blob'): string {
  const bytes = Buffer.from(content);
  return createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex');
}

function treeEntry(mode: string, name: string, content: string | Buffer, type = 'blob'): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(idOf(content, type), 'hex')]);
}

function commitOf(tree: Buffer, entries: Buffer[]): { commit: string; pack: Buffer } {
  const text = `tree ${idOf(tree, 'tree')}\nauthor A <a@example.com> 0 +0000\n\nx\n`;
  return { commit: idOf(text, 'commit'), pack: packLine([entry(1, text), entry(2, tree), ...entries]) };
}

function line(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0')), bytes]);
}

function packLine(entries: Buffer[]): Buffer {
  return line(Buffer.concat([Buffer.from([1]), packOf(entries)]));
}
