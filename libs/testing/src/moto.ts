import { execFile, type ChildProcess, spawn } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { waitUntil } from './wait-until.js';

const version = '5.2.5';
const run = promisify(execFile);

export interface RunningMoto {
  readonly url: string;
  readonly account: string;
  readonly region: string;
  close(): Promise<void>;
}

export type Moto =
  | { readonly isThere: true; readonly python: string; start(): Promise<RunningMoto> }
  | { readonly isThere: false; readonly reason: string };

/**
 * moto, the peer that our stand-ins for AWS are compared with: installed once, in a Python environment of its own in the
 * user's cache. Without Python or a package index it is not there, and says why.
 */
export async function findMoto(): Promise<Moto> {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ship-it', `moto-${version}`);
  const python = join(folder, 'bin', 'python');
  try {
    await access(join(folder, 'bin', 'moto_server')).catch(() => install(folder));
    return { isThere: true, python, start: () => start(python) };
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return { isThere: false, reason: `moto ${version} cannot be installed: ${line.slice(0, 200)}` };
  }
}

/** An environment knows its own path, so it is made in place and marked by moto's own script, which pip writes last. */
async function install(folder: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  await run('python3', ['-m', 'venv', folder], { timeout: 120_000 });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `moto[server,sqs,ecr]==${version}`];
  try {
    await run(join(folder, 'bin', 'python'), pip, { timeout: 300_000 });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function start(python: string): Promise<RunningMoto> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
  const killNow = (): void => void server.kill('SIGKILL');
  process.on('exit', killNow);
  await waitUntil(async () => (await fetch(`${url}/moto-api/data.json`)).ok, { limitMs: 30_000, everyMs: 100 });
  return {
    url,
    account: '123456789012',
    region: 'us-east-1',
    close: async () => {
      process.off('exit', killNow);
      await endOf(server);
    },
  };
}

async function endOf(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
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
