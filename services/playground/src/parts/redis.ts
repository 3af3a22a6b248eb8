import { execFile, spawn } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

export interface RedisPart {
  url: string;
  close(): Promise<void>;
}

const run = promisify(execFile);
const pidFile = 'redis.pid';
const endMs = 5_000;

/**
 * REDIS_URL where it is set, else a redis-server of our own, else one in docker.
 * Ours keeps its data in the directory, so work in flight survives a restart of the playground.
 */
export async function startRedis(directory: string, port: number): Promise<RedisPart> {
  const given = process.env['REDIS_URL'];
  if (given) return { url: given, close: async () => undefined };
  const url = `redis://127.0.0.1:${port}`;
  const folder = join(directory, 'redis');
  await mkdir(folder, { recursive: true });
  await endOneLeftBehind(folder);
  const close = (await isOnPath('redis-server')) ? startServer(folder, port) : await startContainer(port);
  await untilListening(port, 10_000).catch(async (error: unknown) => {
    await close().catch(() => undefined);
    throw error;
  });
  return { url, close };
}

function startServer(folder: string, port: number): () => Promise<void> {
  const settings = [
    '--pidfile',
    join(folder, pidFile),
    '--port',
    `${port}`,
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--save',
    '',
    '--maxmemory-policy',
    'noeviction',
  ];
  const child = spawn('redis-server', settings, { stdio: 'ignore', detached: true });
  return () =>
    new Promise((resolve) => {
      if (child.exitCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    });
}

/** A playground that was killed leaves its Redis behind, which holds the port and the files. */
async function endOneLeftBehind(folder: string): Promise<void> {
  const pid = Number(await readFile(join(folder, pidFile), 'utf8').catch(() => ''));
  if (!(pid > 1) || !(await isRedis(pid))) return;
  process.kill(pid, 'SIGTERM');
  const end = performance.now() + endMs;
  while ((await isRedis(pid)) && performance.now() < end) await wait(25);
}

async function isRedis(pid: number): Promise<boolean> {
  return run('ps', ['-o', 'comm=', '-p', `${pid}`]).then(
    ({ stdout }) => stdout.includes('redis-server'),
    () => false,
  );
}

async function startContainer(port: number): Promise<() => Promise<void>> {
  const name = `shipit-playground-redis-${port}`;
  await run('docker', [
    'run',
    '--detach',
    '--rm',
    '--name',
    name,
    '--publish',
    `127.0.0.1:${port}:6379`,
    'redis:7',
    'redis-server',
    '--maxmemory-policy',
    'noeviction',
  ]);
  return async () => {
    await run('docker', ['stop', '--time', '2', name]);
  };
}

async function isOnPath(command: string): Promise<boolean> {
  return run(command, ['--version']).then(
    () => true,
    () => false,
  );
}

/** Resolves when something listens on the port; throws after the limit. */
export async function untilListening(port: number, limitMs: number): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await isListening(port))) {
    if (performance.now() > end) throw new Error(`Redis did not start on port ${port} within ${limitMs} ms`);
    await wait(25);
  }
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
