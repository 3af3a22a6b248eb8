import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitUntil } from '@shipit/testing';
import { ApiClient } from './playground/api-client.js';
import { Registry } from './playground/aws.js';
import { PlaygroundProcess } from './playground/playground-process.js';

const run = promisify(execFile);

describe('The playground', () => {
  let folder: string;
  const started: PlaygroundProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'shipit-e2e-'));
  });
  afterAll(async () => {
    await Promise.all(started.map((playground) => playground.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  const launch = (name: string, ...args: string[]): PlaygroundProcess => {
    const playground = PlaygroundProcess.launch(join(folder, name), args);
    started.push(playground);
    return playground;
  };
  const isRunning = (playground: PlaygroundProcess, tag: string): Promise<boolean> =>
    waitUntil(() => new ApiClient(playground).isRunning('word-counts', tag), { limitMs: 30_000, everyMs: 100 });
  const firstTag = '78bc9ccf64eb838c6a0e0492ded722274925e2bd';
  let tag: string;

  it('takes another port where the wanted one is in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const ready = await launch('first', '--port', `${port}`).untilReady();
    other.close();

    expect(new URL(ready.web).port).not.toBe(`${port}`);
    expect((await fetch(ready.web)).ok).toBe(true);
  });

  it('runs beside another one, each with its own push', async () => {
    const [first] = started;
    const second = launch('second');
    await second.untilReady();
    ({ tag } = await new Registry(first?.ready() ?? second.ready()).push('word-counts'));
    await isRunning(first ?? second, tag);
    await isRunning(second, firstTag);
  });

  it('does not start twice in one directory, and leaves the one that runs alone', async () => {
    const twice = launch('first', '--fresh');
    await waitUntil(() => twice.hasEnded(), { limitMs: 20_000 });

    expect(twice.child.exitCode).toBe(1);
    expect(twice.output()).toContain('in use');
    expect(await isRunning(started[0] ?? twice, tag)).toBe(true);
  });

  it('stops everything at Ctrl-C and leaves no process behind', async () => {
    for (const playground of started.splice(0, 2)) {
      const pids = await descendants(playground.child.pid ?? 0);
      expect(pids.length).toBeGreaterThanOrEqual(7);
      expect(await playground.stop()).toBe(0);

      expect(pids.filter(isAlive)).toEqual([]);
      expect(existsSync(join(playground.directory, 'ready.json'))).toBe(false);
    }
  });

  it('finds its state again at the next start', async () => {
    const again = launch('first');
    await again.untilReady();

    expect(await isRunning(again, tag)).toBe(true);
    expect((await new ApiClient(again).release('word-counts')).revision).toBe(2);
  });

  it('comes back after it was killed together with nothing else', async () => {
    const killed = started.at(-1) ?? launch('first');
    const pids = await descendants(killed.child.pid ?? 0);
    const redis = Number(readFileSync(join(killed.directory, 'redis/redis.pid'), 'utf8'));
    killed.child.kill('SIGKILL');
    await waitUntil(() => pids.filter((pid) => pid !== redis && isAlive(pid)).length === 0, { limitMs: 20_000 });
    const again = launch('first');
    await again.untilReady();

    expect(await isRunning(again, tag)).toBe(true);
    expect(isAlive(redis)).toBe(false);
  });

  it('begins anew with --fresh', async () => {
    await started.at(-1)?.stop();
    const fresh = launch('first', '--fresh');
    await fresh.untilReady();

    expect(await isRunning(fresh, firstTag)).toBe(true);
    expect((await new ApiClient(fresh).release('word-counts')).revision).toBe(1);
  });
});

async function descendants(pid: number): Promise<number[]> {
  const { stdout } = await run('ps', ['-o', 'pid=', '--ppid', `${pid}`]);
  return stdout
    .split('\n')
    .map(Number)
    .filter((child) => child > 0 && isAlive(child));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
