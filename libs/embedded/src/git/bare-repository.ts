import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** The first commit of a repository that does not exist yet. */
export interface InitialRepository {
  /** Default `main`. */
  branch?: string;
  files: Record<string, string | Uint8Array>;
  message?: string;
  author?: { name: string; email: string };
  /** Default: now. */
  committedAt?: Date;
}

const NAME = /^[a-z0-9][a-z0-9._-]*(\/[a-z0-9][a-z0-9._-]*)*$/i;

/** Creates `<directory>/<name>.git` with one commit; where it exists already nothing is changed. Returns its path. */
export async function createBareRepository(
  directory: string,
  name: string,
  initial: InitialRepository,
): Promise<string> {
  if (!NAME.test(name) || name.includes('..')) throw new Error(`"${name}" is not a name for a repository`);
  const path = join(directory, `${name}.git`);
  if (existsSync(join(path, 'HEAD'))) return path;
  const branch = initial.branch ?? 'main';
  await mkdir(path, { recursive: true });
  await git(path, ['init', '--quiet', '--bare', `--initial-branch=${branch}`]);
  for (const [key, value] of SETTINGS) await git(path, ['config', key, value]);
  await git(path, ['fast-import', '--quiet'], firstCommit(branch, initial));
  return path;
}

/** Branch → commit. */
export async function readBranches(path: string): Promise<Map<string, string>> {
  const listing = await git(path, ['for-each-ref', '--format=%(objectname) %(refname:strip=2)', 'refs/heads']);
  const lines = listing.split('\n').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}

/** No configuration of the user or the machine has a say, and git never asks a question. */
export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
  };
}

/** Housekeeping is off: it would run in the background and outlive the server. */
const SETTINGS = [
  ['http.receivepack', 'true'],
  ['receive.autogc', 'false'],
  ['gc.auto', '0'],
  ['uploadpack.allowAnySHA1InWant', 'true'],
] as const;

function firstCommit(branch: string, initial: InitialRepository): Buffer {
  const { name, email } = initial.author ?? { name: 'Ship-it', email: 'ship-it@localhost' };
  const seconds = Math.floor((initial.committedAt ?? new Date()).getTime() / 1000);
  const parts = [
    Buffer.from(`commit refs/heads/${branch}\ncommitter ${name} <${email}> ${seconds} +0000\n`),
    data(initial.message ?? 'Initial commit'),
  ];
  for (const [path, content] of Object.entries(initial.files)) {
    parts.push(Buffer.from(`M 100644 inline ${JSON.stringify(path)}\n`), data(content));
  }
  return Buffer.concat([...parts, Buffer.from('done\n')]);
}

function data(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([Buffer.from(`data ${bytes.length}\n`), bytes, Buffer.from('\n')]);
}

function git(path: string, args: string[], input?: Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', path, ...args], { env: gitEnvironment() });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new Error(`git ${args[0] ?? ''} failed: ${Buffer.concat(err).toString('utf8').trim()}`));
    });
    child.stdin.end(input);
  });
}
