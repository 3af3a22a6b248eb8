import { execFile } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Person {
  directory: string;
  git(...args: string[]): Promise<string>;
  push(files: Record<string, string | null>, how?: { parent?: string; at?: Date; message?: string }): Promise<string>;
}

/** Somebody with a work tree and the ordinary git command. */
export async function clonePerson(url: string, token: string, directory: string): Promise<Person> {
  const withToken = url.replace('://', `://ann:${token}@`);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  await mkdir(directory, { recursive: true });
  await run('git', ['clone', '--quiet', withToken, 'work'], { cwd: directory, env });
  const cwd = join(directory, 'work');
  const git = async (...args: string[]): Promise<string> => (await run('git', args, { cwd, env })).stdout.trim();
  await git('config', 'user.name', 'Ann');
  await git('config', 'user.email', 'ann@example.com');
  return {
    directory: cwd,
    git,
    async push(files, how = {}) {
      await git('fetch', '--quiet', 'origin');
      await git('reset', '--quiet', '--hard', how.parent ?? 'origin/main');
      for (const [path, content] of Object.entries(files)) await change(join(cwd, path), content);
      await git('add', '--all');
      const date = `${Math.floor((how.at ?? new Date()).getTime() / 1000)} +0000`;
      await run('git', ['commit', '--quiet', '-m', how.message ?? 'A change'], {
        cwd,
        env: { ...env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
      });
      await git('push', '--quiet', ...(how.parent ? ['--force'] : []), 'origin', 'HEAD:main');
      return git('rev-parse', 'HEAD');
    },
  };
}

async function change(path: string, content: string | null): Promise<void> {
  if (content === null) {
    await rm(path);
    return;
  }
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
