import { execFile } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startGitServer } from '@shipit/embedded';
import { run, type RunOptions } from './terminal.js';

const exec = promisify(execFile);
const token = 'cli-token';
const ann = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];

/** A repository behind the real git http-backend, a person beside it, and the command line in front. */
export async function setUpRepository(files: Record<string, string | Uint8Array>) {
  const home = await mkdtemp(join(tmpdir(), 'shipit-cli-git-'));
  const repositories = { gitops: { files } };
  const server = await startGitServer({ directory: join(home, 'git'), tokens: [token], repositories });
  const url = server.repositoryUrl('gitops');
  const path = server.repositoryPath('gitops');
  const cleanUps: (() => Promise<unknown>)[] = [() => rm(home, { recursive: true, force: true }), () => server.close()];
  const git = async (...words: string[]): Promise<string> =>
    (await exec('git', ['--git-dir', path, ...words], { maxBuffer: 64 * 1024 * 1024 })).stdout;
  return {
    url,
    token,
    git,
    show: (file: string, branch = 'main') => git('show', `${branch}:${file}`),
    subjects: async () => (await git('log', '--format=%s', 'main')).trim().split('\n'),
    /** A commit by a person with ordinary git. */
    async push(changes: Record<string, string>): Promise<void> {
      const work = await mkdtemp(join(home, 'work-'));
      await exec('git', ['clone', '--quiet', path, work]);
      for (const [file, text] of Object.entries(changes)) await writeFile(join(work, file), text);
      await exec('git', ['-C', work, 'add', '--all']);
      await exec('git', ['-C', work, ...ann, 'commit', '--quiet', '-m', 'By hand']);
      await exec('git', ['-C', work, 'push', '--quiet', 'origin', 'HEAD:main']);
    },
    async hook(name: string, script: string): Promise<void> {
      const file = join(path, 'hooks', name);
      await writeFile(file, `#!/bin/sh\n${script}\n`);
      await chmod(file, 0o755);
    },
    /** The address of a server between the two, which does what it is told at the first push. */
    async behind(atPush: AtPush): Promise<string> {
      const proxy = await startProxy(server.port, atPush);
      cleanUps.push(proxy.close);
      return `http://127.0.0.1:${proxy.port}/gitops.git`;
    },
    set: (words: string, { address = url, ...options }: RunOptions & { address?: string } = {}) =>
      run(`image set ${words} --repository ${address}`, { environment: { GIT_TOKEN: token }, ...options }),
    async close(): Promise<void> {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    },
  };
}

type AtPush = 'cut the reply' | 'drop the request' | (() => Promise<void>);

async function startProxy(target: number, atPush: AtPush) {
  let isFirst = true;
  const server = createServer((request, response) => {
    const isPush = isFirst && request.method === 'POST' && request.url?.endsWith('git-receive-pack') === true;
    if (isPush) isFirst = false;
    if (isPush && atPush === 'drop the request') return void request.socket.destroy();
    const to = { port: target, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers };
    const forward = httpRequest(to, (answer) => {
      if (isPush && atPush === 'cut the reply') {
        answer.resume();
        answer.once('end', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    const before = isPush && typeof atPush === 'function' ? atPush() : Promise.resolve();
    void before.then(() => request.pipe(forward));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
