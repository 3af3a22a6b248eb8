import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { waitUntil } from './wait-until.js';

export interface RedisOptions {
  port?: number;
  /** `noeviction` unless a test wants to see another one refused. */
  maxmemoryPolicy?: string;
}

export interface RunningRedis {
  readonly url: string;
  readonly port: number;
  /** Ends the server as `kill -9` does; nothing is kept. */
  kill(): Promise<void>;
  /** Starts an empty server on the same port again. */
  restart(): Promise<void>;
  /** Freezes the server: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Removes all keys. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

/** Whether `redis-server` is on the PATH. */
export function hasRedis(): boolean {
  return spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** A real Redis on a random port of 127.0.0.1 that keeps nothing on disk. It ends with this process. */
export async function startRedis({
  port: wanted,
  maxmemoryPolicy = 'noeviction',
}: RedisOptions = {}): Promise<RunningRedis> {
  const port = wanted ?? (await freePort());
  const url = `redis://127.0.0.1:${port}`;
  let server = await launch(port, maxmemoryPolicy);
  const killNow = (): void => void server.kill('SIGKILL');
  process.on('exit', killNow);
  const kill = (): Promise<void> => endOf(server);
  return {
    url,
    port,
    kill,
    restart: async () => {
      await kill();
      server = await launch(port, maxmemoryPolicy);
    },
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    empty: () => withClient(port, async (client) => void (await client.flushall())),
    close: async () => {
      process.off('exit', killNow);
      await kill();
    },
  };
}

async function launch(port: number, policy: string): Promise<ChildProcess> {
  const settings = [
    '--port',
    port,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--maxmemory-policy',
    policy,
  ];
  const server = spawn('redis-server', settings.map(String), { stdio: 'ignore' });
  await waitUntil(() => withClient(port, async (client) => (await client.ping()) === 'PONG'), { limitMs: 10_000 });
  return server;
}

async function withClient<T>(port: number, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(port, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null, connectTimeout: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function endOf(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill('SIGKILL');
  await ended;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
