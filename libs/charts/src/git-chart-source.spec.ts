import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type GitServer, startGitServer } from '@shipit/embedded';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { startAnswering } from '../test/answering-server.js';
import { answerWithoutEnd } from '../test/hostile-server.js';
import type { ChartArchive } from './chart-renderer.js';
import { chartSourceContract } from './chart-source.contract.js';
import type { ChartReference } from './chart-source.js';
import { GitChartSource, type GitChartSourceOptions } from './git-chart-source.js';
import { HelmEngine } from './helm-engine.js';
import { chartFiles } from './in-memory-chart-source.js';
import { digestOf } from './pack-chart.js';
import { readArchive } from './read-archive.js';

const run = promisify(execFile);
const engine = new HelmEngine({ workers: 1 });
const closing: (() => Promise<unknown>)[] = [];
afterAll(() => engine.close());
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

chartSourceContract(
  'a git repository',
  async ({ archive }) => {
    const files = await readArchive('Reading it', archive);
    const { source, at } = await setUp(inFolder('charts/web', files));
    return { source, repository: at('//charts?ref=v1'), context: {} };
  },
  async (fault) => {
    if (fault !== 'hostile') {
      const origin = await startAnswering(fault === 'endless' ? answerWithoutEnd : () => undefined);
      closing.push(origin.close);
      const source = new GitChartSource(engine, { allowPlainHttp: true, timeoutSeconds: 1, maxPackBytes: 100_000 });
      return { source, repository: `git+${origin.url}/a.git//charts?ref=${'a'.repeat(40)}`, context: {} };
    }
    const bench = await setUp(inFolder('charts/web', chartFiles({})));

    await symlink('/etc/passwd', join(bench.work, 'charts/web/values.yaml'));
    await bench.commitAndTag('v2');
    return { source: bench.source, repository: bench.at('//charts?ref=v2'), context: {} };
  },
);

describe('charts in a git repository', () => {
  it.each(['v1', 'annotated', 'refs/tags/v1', 'charts/web-1.2.3', 'commit'])(
    'are those of %s, and say its commit',
    async (ref) => {
      const { git, fetch, at, commit } = await setUp(inFolder('charts/web', chartFiles({ 'values.yaml': 'a: 1' })));
      await git('tag', '-a', '-m', 'x', 'annotated');
      await git('tag', 'charts/web-1.2.3');
      await git('push', '-q', '--tags');
      const found = await fetch(at(`//charts?ref=${ref === 'commit' ? commit : ref}`));
      expect(found).toMatchObject({ name: 'web', version: '1.2.3', commit });
      expect([...(await readArchive('Reading it', found.archive)).keys()]).toEqual(['Chart.yaml', 'values.yaml']);
    },
  );

  it.each([
    ['the folder itself', 'deep/web', '//deep/web?ref=v1'],
    ['the folder above', 'deep/web', '//deep/?ref=v1'],
    ['the root of the repository', '.', '?ref=v1'],
    ['an escaped folder', 'my charts/web', '//my%20charts?ref=v1'],
  ])('are found by %s', async (_what, folder, path) => {
    const { fetch, at } = await setUp(inFolder(folder, chartFiles({})));
    expect(await fetch(at(path))).toMatchObject({ name: 'web', version: '1.2.3' });
  });

  it('leave out what .helmignore names, and need no version where the ref is exact', async () => {
    const files = chartFiles({ '.helmignore': '*.md\n', 'README.md': 'x' });
    const { source, at } = await setUp(inFolder('web', files));
    const found = await source.fetch({ repository: at('?ref=v1'), name: 'web', version: '' });
    expect(found.version).toBe('1.2.3');
    expect([...(await readArchive('Reading it', found.archive)).keys()]).toEqual(['.helmignore', 'Chart.yaml']);
  });

  it('of many files with long histories are read as git packs them', async () => {
    const lines = Array.from({ length: 50 }, (_, n) => `line${n}: ${digestOf(Buffer.from(String(n)))}\n`);
    const many = Object.fromEntries(
      Array.from({ length: 100 }, (_, n) => [`templates/${n}.yaml`, `${lines.join('')}n: ${n}\n`]),
    );
    const bench = await setUp(inFolder('web', chartFiles(many)));
    await run('git', ['--git-dir', bench.server.repositoryPath('charts'), 'repack', '-adq', '--window=50']);
    const found = await bench.fetch(bench.at('?ref=v1'));
    const files = await readArchive('Reading it', found.archive);
    expect(Buffer.from(files.get('templates/99.yaml') ?? []).toString()).toBe(many['templates/99.yaml']);
  });

  it('of a tag that moved are the new ones, told by commit and digest; those of a commit stay, without a question, also after a restart', async () => {
    const bench = await setUp(inFolder('web', chartFiles({ 'values.yaml': 'a: 1' })));
    const before = await bench.fetch(bench.at('?ref=v1'));
    await writeFile(join(bench.work, 'web/values.yaml'), 'a: 2');
    const moved = await bench.commitAndTag('v1');
    const after = await bench.fetch(bench.at('?ref=v1'));
    expect(after.commit).toBe(moved);
    expect(after.digest).not.toBe(before.digest);
    await bench.server.close();
    const ofCommit = { repository: bench.at(`?ref=${moved}`), name: 'web', version: '1.2.3' };
    expect(await bench.source.fetch(ofCommit)).toMatchObject({ digest: after.digest, commit: moved });
    expect(await bench.restarted().fetch(ofCommit)).toEqual(after);
    await expect(bench.fetch(bench.at('?ref=v1'))).rejects.toMatchObject({
      code: 'SHIPIT_CHART_DOWNLOAD',
      isTransient: true,
    });
  });

  it('of several repositories are downloaded one at a time, as each is held in memory until it is read', async () => {
    const line = 'fff0\x02'.padEnd(0xfff0, '.');
    let open = 0;
    let most = 0;
    const origin = await startAnswering((response) => {
      most = Math.max(most, ++open);
      response.on('finish', () => open--).end(Buffer.alloc(8_386_560, line));
    });
    closing.push(origin.close);
    const source = new GitChartSource(engine, { allowPlainHttp: true });
    const fetches = ['a', 'b', 'c', 'd'].map((name) =>
      source.fetch({ repository: `git+${origin.url}/${name}.git?ref=${'a'.repeat(40)}`, name: 'web', version: '' }),
    );
    const reason = expect.objectContaining({ code: 'SHIPIT_CHART_ARCHIVE' }) as object;
    const refused = { status: 'rejected', reason };
    expect(await Promise.allSettled(fetches)).toEqual([refused, refused, refused, refused]);
    expect(most).toBe(1);
  });

  it('of a closed repository are given to who has a credential', async () => {
    const bench = await setUp(inFolder('web', chartFiles({})), ['secret']);
    await expect(bench.fetch(bench.at('?ref=v1'))).rejects.toThrow('answered 401: check the credentials');
    const authorization = `Basic ${Buffer.from('x:secret').toString('base64')}`;
    const own = {
      allowPlainHttp: true,
      credentials: [{ prefix: bench.server.repositoryUrl('charts'), authorization }],
    };
    const chart = { repository: bench.at('?ref=v1'), name: 'web', version: '1.2.3' };
    expect(await new GitChartSource(engine, own).fetch(chart)).toMatchObject({ name: 'web' });
  });

  it.each([
    ['a branch', '?ref=main', 'SHIPIT_CHART_SOURCE', 'main is a branch, which is not exact; name a tag, or the commit'],
    ['a tag that is not there', '?ref=v9', 'SHIPIT_CHART_NOT_FOUND', 'has no tag v9'],
    ['a commit that is not there', `?ref=${'a'.repeat(40)}`, 'SHIPIT_CHART_NOT_FOUND', 'is not there'],
    ['a folder that is not there', '//other?ref=v1', 'SHIPIT_CHART_NOT_FOUND', 'has neither other/web/Chart.yaml'],
  ])('are refused for %s', async (_what, path, code, reason) => {
    const { fetch, at } = await setUp(inFolder('web', chartFiles({})));
    const message = expect.stringContaining(reason) as string;
    await expect(fetch(at(path))).rejects.toMatchObject({ code, message, isTransient: false });
  });
});

describe('an address of a chart in git', () => {
  it.each([
    ['no ref', 'git+https://example.com/a.git//charts'],
    ['an empty ref', 'git+https://example.com/a.git?ref='],
    ['two refs', 'git+https://example.com/a.git?ref=v1&ref=v2'],
    ['something beside the ref', 'git+https://example.com/a.git?ref=v1&depth=1'],
    ['HEAD', 'git+https://example.com/a.git?ref=HEAD'],
    ['a branch by its whole name', 'git+https://example.com/a.git?ref=refs/heads/main'],
    ['a ref that leads out', 'git+https://example.com/a.git?ref=../../main'],
    ['a ref that is an option', 'git+https://example.com/a.git?ref=--upload-pack=x'],
    ['a ref with a line break', 'git+https://example.com/a.git?ref=v1%0awant'],
    ['an expression', 'git+https://example.com/a.git?ref=v1~1'],
    ['a folder that leads out', 'git+https://example.com/a.git//../b?ref=v1'],
    ['an escaped folder that leads out', 'git+https://example.com/a.git//%2e%2e/b?ref=v1'],
    ['a twice escaped folder that leads out', 'git+https://example.com/a.git//x%2f..%2f..?ref=v1'],
    ['a repository that leads out', 'git+https://example.com/a/../b.git?ref=v1'],
    ['two folders', 'git+https://example.com/a.git//b//c?ref=v1'],
    ['credentials', 'git+https://ann:secret@example.com/a.git?ref=v1'],
    ['a fragment', 'git+https://example.com/a.git?ref=v1#x'],
    ['no host', 'git+https:///a.git?ref=v1'],
    ['no encryption', 'git+http://example.com/a.git?ref=v1'],
  ])('is refused with %s', async (_what, repository) => {
    const source = new GitChartSource(engine);
    const failure = await source.fetch({ repository, name: 'web', version: '1.2.3' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SHIPIT_CHART_SOURCE', isTransient: false });
  });
});

interface Bench {
  server: GitServer;
  source: GitChartSource;
  work: string;
  /** What tag v1 names. */
  commit: string;
  git: (...args: string[]) => Promise<string>;
  restarted: () => GitChartSource;
  at: (path: string) => string;
  commitAndTag: (tag: string) => Promise<string>;
  fetch: (repository: string, reference?: Partial<ChartReference>) => Promise<ChartArchive>;
}

/** A repository `charts` with these files under the tag v1, and a clone of it to write to. */
async function setUp(files: Record<string, Uint8Array>, tokens?: string[]): Promise<Bench> {
  const home = await mkdtemp(join(tmpdir(), 'shipit-git-charts-'));
  closing.push(() => rm(home, { recursive: true, force: true }));
  const options: GitChartSourceOptions = { allowPlainHttp: true, cacheFolder: join(home, 'cache') };
  const server = await startGitServer({
    directory: join(home, 'repositories'),
    repositories: { charts: { files } },
    ...(tokens && { tokens }),
  });
  closing.push(() => server.close());
  const work = join(home, 'work');
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
  const names = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', [...names, ...args], { cwd: work, env })).stdout.trim();
  await run('git', ['clone', '-q', server.repositoryPath('charts'), work], { env });
  const source = new GitChartSource(engine, options);
  const commitAndTag = async (tag: string): Promise<string> => {
    await git('add', '-A');
    await git('commit', '-q', '--allow-empty', '-m', 'change');
    await git('tag', '-f', tag);
    await git('push', '-q', '-f', 'origin', 'HEAD', tag);
    return git('rev-parse', 'HEAD');
  };
  const commit = await commitAndTag('v1');
  return {
    ...{ server, source, work, commit, git, commitAndTag },
    restarted: () => new GitChartSource(engine, options),
    at: (path) => `git+${server.repositoryUrl('charts')}${path}`,
    fetch: (repository, reference = {}) => source.fetch({ repository, name: 'web', version: '1.2.3', ...reference }),
  };
}

function inFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Record<string, Uint8Array> {
  return Object.fromEntries([...files].map(([path, content]) => [join(folder, path), content]));
}
