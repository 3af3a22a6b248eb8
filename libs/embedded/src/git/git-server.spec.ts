import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { startGitServer, type GitServer, type GitServerOptions } from './git-server.js';

const run = promisify(execFile);

describe('the embedded git server', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function setUp(options: Partial<GitServerOptions> = {}) {
    const home = await mkdtemp(join(tmpdir(), 'shipit-git-server-'));
    cleanUps.push(() => rm(home, { recursive: true, force: true }));
    const directory = join(home, 'repositories');
    const start = async (): Promise<GitServer> => {
      const server = await startGitServer({
        directory,
        tokens: ['secret', { token: 'reader', write: false }],
        repositories: { 'team/gitops': { files: { 'README.md': 'hello\n', 'a/b.yaml': 'x: 1\n' } } },
        ...options,
      });
      cleanUps.push(() => server.close());
      return server;
    };
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_TERMINAL_PROMPT: '0' };
    const git = async (cwd: string, ...args: string[]) =>
      (await run('git', args, { cwd: join(home, cwd), env })).stdout.trim();
    const clone = (server: GitServer, token?: string) =>
      git(
        '',
        'clone',
        '--quiet',
        server.repositoryUrl('team/gitops').replace('://', token ? `://x:${token}@` : '://'),
        'work',
      );
    const commit = async (text: string) => {
      await writeFile(join(home, 'work/README.md'), text);
      await git('work', '-c', 'user.name=Ann', '-c', 'user.email=a@example.com', 'commit', '--quiet', '-am', 'change');
    };
    return { server: await start(), start, git, clone, commit, home };
  }

  it('lets an ordinary git clone and push, and tells of the push', async () => {
    const pushes: unknown[] = [];
    const { server, clone, commit, git, home } = await setUp({ onPush: (...push) => pushes.push(push) });
    await clone(server, 'secret');
    expect(await readFile(join(home, 'work/a/b.yaml'), 'utf8')).toBe('x: 1\n');
    await commit('changed\n');
    await git('work', 'push', '--quiet');
    await expect.poll(() => pushes).toEqual([['team/gitops', 'main', await git('work', 'rev-parse', 'HEAD')]]);
    await git('work', 'push', '--quiet', 'origin', 'HEAD:refs/heads/other');
    await git('work', 'push', '--quiet', 'origin', ':other');
    await expect.poll(() => pushes.length).toBe(3);
    expect(pushes[2]).toEqual(['team/gitops', 'other', undefined]);
  });

  it('lets nobody in without a token', async () => {
    const { server, clone } = await setUp();
    await expect(clone(server)).rejects.toThrow();
    await expect(clone(server, 'wrong')).rejects.toThrow();
    const response = await fetch(`${server.repositoryUrl('team/gitops')}/info/refs?service=git-upload-pack`, {
      headers: { authorization: 'Bearer secret' },
    });
    expect(response.status).toBe(200);
    expect((await response.text()).length).toBeGreaterThan(0);
  });

  it('lets a reader clone and not push', async () => {
    const { server, clone, commit, git } = await setUp();
    await clone(server, 'reader');
    await commit('changed\n');
    await expect(git('work', 'push', '--quiet')).rejects.toThrow();
  });

  it('lets everyone clone and only holders of a token push when reading is open', async () => {
    const { server, clone, commit, git } = await setUp({ openRead: true });
    await clone(server);
    await commit('changed\n');
    await expect(git('work', 'push', '--quiet')).rejects.toThrow();
  });

  it('serves a repository that exists already as it is', async () => {
    const { server, start, clone, commit, git, home } = await setUp();
    await clone(server, 'secret');
    await commit('kept\n');
    await git('work', 'push', '--quiet');
    await server.close();
    const again = await start();
    await rm(join(home, 'work'), { recursive: true });
    await clone(again, 'secret');
    expect(await readFile(join(home, 'work/README.md'), 'utf8')).toBe('kept\n');
  });

  it('serves nothing but its repositories', async () => {
    const { server } = await setUp();
    for (const path of [
      '/other.git/info/refs?service=git-upload-pack',
      '/team/gitops.git/config',
      '/team/../team/gitops.git/HEAD',
      '/',
    ]) {
      const response = await fetch(server.url + path, { headers: { authorization: 'Bearer secret' } });
      expect(response.status).toBe(404);
      await response.text();
    }
  });

  it('takes no repository name that leaves its folder', async () => {
    await expect(setUp({ repositories: { '../outside': { files: {} } } })).rejects.toThrow('not a name');
  });
});
