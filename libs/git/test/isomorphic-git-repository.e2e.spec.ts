import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { GitError, type GitChange, type GitRepository } from '../src/index.js';
import { describeGitRepository } from '../src/git-repository.contract.js';
import { clonePerson, type Person } from './git-person.js';
import { startRemote, token, type GitRemote } from './git-remote.js';

describeGitRepository('isomorphic-git over HTTP against git http-backend', {
  async open(files) {
    const remote = await startRemote(files);
    const home = await mkdtemp(join(tmpdir(), 'shipit-person-'));
    let person: Promise<Person> | undefined;
    return {
      repository: remote.clone(),
      other: remote.clone(),
      push: async (changes, how) => (await (person ??= clonePerson(remote.url, token, home))).push(changes, how),
      close: async () => {
        await remote.close();
        await rm(home, { recursive: true, force: true });
      },
    };
  },
});

describe('IsomorphicGitRepository', () => {
  const cleanUps: (() => Promise<unknown>)[] = [];

  afterEach(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });

  async function setUp(files: Record<string, string> = { 'a.txt': 'one\n' }) {
    const remote = await startRemote(files);
    cleanUps.push(() => remote.close());
    const home = await mkdtemp(join(tmpdir(), 'shipit-person-'));
    cleanUps.push(() => rm(home, { recursive: true, force: true }));
    return { remote, person: () => clonePerson(remote.url, token, home) };
  }

  async function setUpProxy(remote: GitRemote, onPush: PushFault) {
    const proxy = await startCuttingProxy(remote.server.port, onPush);
    cleanUps.push(() => proxy.close());
    return `http://127.0.0.1:${proxy.port}/gitops.git`;
  }

  it('finds out that the commit is on the branch when the reply to its push is lost', async () => {
    const { remote } = await setUp();
    const repository = remote.clone({ url: await setUpProxy(remote, 'cut-reply') });
    const parent = await repository.fetch();
    const result = await repository.publish(edit(parent, 'two\n'));
    expect(result.outcome).toBe('published');
    expect(await subjects(remote.clone())).toEqual(['Edit', 'Initial commit']);
  });

  it('finds its commit behind the tip when the reply is lost and others pushed on top', async () => {
    const { remote, person } = await setUp();
    const ann = await person();
    const url = await setUpProxy(
      remote,
      async () => void (await ann.push({ 'b.txt': 'theirs\n' }, { message: 'Theirs' })),
    );
    const repository = remote.clone({ url });
    const result = await repository.publish(edit(await repository.fetch(), 'two\n'));
    expect(result.outcome).toBe('published');
    expect(await subjects(remote.clone())).toEqual(['Theirs', 'Edit', 'Initial commit']);
  });

  it('sends the commit again when the connection was cut before the server got it', async () => {
    const { remote } = await setUp();
    const repository = remote.clone({ url: await setUpProxy(remote, 'drop-request') });
    expect((await repository.publish(edit(await repository.fetch(), 'two\n'))).outcome).toBe('published');
    expect(await subjects(remote.clone())).toEqual(['Edit', 'Initial commit']);
  });

  it('gives up at its deadline on a server that never answers', async () => {
    const silent = createServer(() => undefined);
    const port = await listen(silent);
    cleanUps.push(async () => {
      silent.closeAllConnections();
      silent.close();
    });
    const { remote } = await setUp();
    const repository = remote.clone({ url: `http://127.0.0.1:${port}/gitops.git`, requestTimeoutSeconds: 0.2 });
    await expect(repository.fetch()).rejects.toMatchObject({ code: 'SHIPIT_GIT_UNREACHABLE' });
  });

  it('stops when it is told to', async () => {
    const { remote } = await setUp();
    await expect(remote.clone().fetch(AbortSignal.abort())).rejects.toThrow();
  });

  it('refuses an answer that is larger than allowed', async () => {
    const { remote } = await setUp({ 'a.txt': Array.from({ length: 5000 }, () => Math.random()).join('\n') });
    await expect(remote.clone({ maxResponseBytes: 20_000 }).fetch()).rejects.toMatchObject({
      code: 'SHIPIT_GIT_TOO_LARGE',
    });
  });

  it('says what to check when the token is wrong, without telling the token', async () => {
    const { remote } = await setUp();
    const error: unknown = await remote
      .clone({ token: 'wrong-secret' })
      .fetch()
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'SHIPIT_GIT_DENIED' });
    expect(JSON.stringify(error) + String(error)).not.toContain('wrong-secret');
  });

  it('names a branch and a repository that do not exist', async () => {
    const { remote } = await setUp();
    await expect(remote.clone({ branch: 'absent' }).fetch()).rejects.toMatchObject({ code: 'SHIPIT_GIT_NOT_FOUND' });
    await expect(remote.clone({ url: `${remote.server.url}/other.git` }).fetch()).rejects.toMatchObject({
      code: 'SHIPIT_GIT_NOT_FOUND',
    });
  });

  it('takes no address with credentials in it and no other protocol', async () => {
    const { remote } = await setUp();
    expect(() => remote.clone({ url: 'https://user:secret@example.com/x.git' })).toThrow(GitError);
    expect(() => remote.clone({ url: 'ssh://git@example.com/x.git' })).toThrow(GitError);
  });

  it('brings over older history when it is asked for, and only then', async () => {
    const { remote, person } = await setUp();
    const ann = await person();
    const first = await ann.git('rev-parse', 'HEAD');
    for (let n = 0; n < 40; n += 1) await ann.git('commit', '--quiet', '--allow-empty', '-m', `change ${n}`);
    await ann.git('push', '--quiet');
    const repository = remote.clone({ depth: 5 });
    const tip = await repository.fetch();
    expect(await repository.isAncestor(first, tip)).toBe(true);
    expect(await subjects(remote.clone({ depth: 3 }))).toHaveLength(41);
    expect(await remote.clone({ depth: 2 }).fetch()).toBe(tip);
  });

  it('ends its search for history that somebody forced away', async () => {
    const { remote, person } = await setUp();
    const ann = await person();
    const first = await ann.git('rev-parse', 'HEAD');
    for (let n = 0; n < 20; n += 1) await ann.git('commit', '--quiet', '--allow-empty', '-m', `change ${n}`);
    await ann.git('push', '--quiet');
    const repository = remote.clone({ depth: 3 });
    const old = await repository.fetch();
    const orphan = await ann.git('commit-tree', 'HEAD^{tree}', '-m', 'Anew');
    await ann.git('push', '--quiet', '--force', 'origin', `${orphan}:main`);
    const tip = await repository.fetch();
    expect(tip).toBe(orphan);
    expect(await repository.isAncestor(old, tip)).toBe(false);
    expect(await repository.isAncestor(first, tip)).toBe(false);
    expect(await repository.changedPaths(old, tip)).toEqual([]);
  });

  it('does not list what no checkout may have and keeps it when it writes beside it', async () => {
    const { remote, person } = await setUp();
    const ann = await person();
    const blob = await ann.git('rev-parse', 'HEAD:a.txt');
    await ann.git('update-index', '--add', '--cacheinfo', `120000,${blob},link`);
    await ann.git('update-index', '--add', '--cacheinfo', `160000,${await ann.git('rev-parse', 'HEAD')},module`);
    const hostile = await hostileTree(ann, blob);
    const commit = await ann.git('commit-tree', hostile, '-p', 'HEAD', '-m', 'hostile');
    await ann.git('push', '--quiet', 'origin', `${commit}:main`);
    const repository = remote.clone();
    const tip = await repository.fetch();
    expect((await repository.listFiles(tip, '')).map((file) => file.path)).toEqual(['a.txt']);
    const { commit: ours } = await repository.publish(edit(tip, 'two\n'));
    await ann.git('fetch', '--quiet');
    const entries = (await ann.git('ls-tree', ours)).split('\n').map((line) => line.split('\t')[1]);
    expect(entries).toEqual(expect.arrayContaining(['link', 'module', '..', '.git', 'a.txt']));
  });

  it('goes on after many fetches without piling up packs', async () => {
    const { remote } = await setUp();
    const directory = await mkdtemp(join(tmpdir(), 'shipit-packs-'));
    cleanUps.push(() => rm(directory, { recursive: true, force: true }));
    const [writer, reader] = [remote.clone(), remote.clone({ directory })];
    let parent = await writer.fetch();
    for (let n = 0; n < 70; n += 1) {
      parent = (await writer.publish(edit(parent, `${n}\n`))).commit;
      await reader.fetch();
    }
    expect(await subjects(reader)).toHaveLength(71);
    const [clone = ''] = await readdir(directory);
    expect((await readdir(join(directory, clone, 'objects/pack'))).length).toBeLessThan(2 * 64);
  });
});

function edit(parent: string, content: string): GitChange {
  return {
    parent,
    message: 'Edit',
    author: { name: 'Ship-it', email: 's@example.com' },
    files: new Map([['a.txt', Buffer.from(content)]]),
  };
}

async function subjects(repository: GitRepository): Promise<string[]> {
  const found: string[] = [];
  for await (const commit of repository.history(await repository.fetch(), {})) found.push(commit.message.trim());
  return found;
}

/** A tree with `..` and `.git` entries, which `git mktree` would refuse to make from a work tree. */
async function hostileTree(ann: Person, blob: string): Promise<string> {
  const index = (await ann.git('ls-files', '--stage'))
    .split('\n')
    .map((line) => line.replace(/^(\d+) ([0-9a-f]+) \d\t/, '$1 $2\t'));
  const entries = index.map((line) => {
    const [, mode = '', id = '', name = ''] = /^(\d+) ([0-9a-f]+)\t(.*)$/.exec(line) ?? [];
    return { mode, id, name };
  });
  entries.push({ mode: '100644', id: blob, name: '..' }, { mode: '100644', id: blob, name: '.git' });
  entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  const { spawn } = await import('node:child_process');
  const bytes = Buffer.concat(
    entries.flatMap(({ mode, id, name }) => [Buffer.from(`${mode} ${name}\0`), Buffer.from(id, 'hex')]),
  );
  const child = spawn('git', ['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], { cwd: ann.directory });
  child.stdin.end(bytes);
  let out = '';
  for await (const chunk of child.stdout) out += String(chunk);
  return out.trim();
}

type PushFault = 'cut-reply' | 'drop-request' | (() => Promise<void>);

/** Passes everything on; at the first push it misbehaves once. */
async function startCuttingProxy(
  targetPort: number,
  fault: PushFault,
): Promise<{ port: number; close(): Promise<void> }> {
  let isArmed = true;
  const server = createServer((request, response) => {
    const isFaulty = isArmed && request.method === 'POST' && request.url?.endsWith('git-receive-pack') === true;
    if (isFaulty) isArmed = false;
    if (isFaulty && fault === 'drop-request') {
      request.socket.destroy();
      return;
    }
    const forward = httpRequest(
      { port: targetPort, host: '127.0.0.1', method: request.method, path: request.url, headers: request.headers },
      (answer) => {
        if (!isFaulty) {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
          return;
        }
        answer.resume();
        answer.once(
          'end',
          () =>
            void (typeof fault === 'function' ? fault() : Promise.resolve()).finally(() => request.socket.destroy()),
        );
      },
    );
    forward.on('error', () => response.destroy());
    request.pipe(forward);
  });
  const port = await listen(server);
  return {
    port,
    close: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
