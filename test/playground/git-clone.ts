import { execFile } from 'node:child_process';
import { readFile, writeFile, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Ready } from './playground-process.js';

const run = promisify(execFile);

export interface Commit {
  id: string;
  author: string;
  subject: string;
  body: string;
}

/** A person's clone of the repository, by the git command. */
export class GitClone {
  private constructor(
    readonly folder: string,
    /** The tip when it was cloned. */
    readonly start: string,
  ) {}

  static async of({ git }: Ready, folder: string): Promise<GitClone> {
    const url = git.url.replace('://', `://ann:${git.token}@`);
    await run('git', ['clone', '--quiet', '--branch', git.branch, url, folder]);
    const settings = { 'user.name': 'Ann', 'user.email': 'ann@example.com', 'commit.gpgsign': 'false' };
    for (const [name, value] of Object.entries(settings)) await run('git', ['-C', folder, 'config', name, value]);
    return new GitClone(folder, (await run('git', ['-C', folder, 'rev-parse', 'HEAD'])).stdout.trim());
  }

  async git(...args: string[]): Promise<string> {
    return (await run('git', ['-C', this.folder, ...args], { maxBuffer: 16 * 1024 * 1024 })).stdout;
  }

  /** Commits on the branch since this clone was made or since another one, newest first. */
  async commits(since = this.start): Promise<Commit[]> {
    await this.git('fetch', '--quiet');
    const log = await this.git('log', '--format=%H%x00%an%x00%s%x00%b%x01', `${since}..origin/main`);
    return log
      .split('\x01')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '')
      .map((entry) => {
        const [id = '', author = '', subject = '', body = ''] = entry.split('\0');
        return { id, author, subject, body };
      });
  }

  /** A file at the branch's tip. */
  async file(path: string): Promise<string> {
    await this.git('fetch', '--quiet');
    return this.git('show', `origin/main:${path}`);
  }

  /** A commit by a person on the newest tip. `change` gets a file's text; undefined removes the file. Answers its id. */
  async commit(
    path: string,
    change: (text: string) => string | undefined,
    message = `Change ${path}`,
  ): Promise<string> {
    for (let attempt = 1; ; attempt += 1) {
      await this.git('fetch', '--quiet');
      await this.git('reset', '--quiet', '--hard', 'origin/main');
      const file = join(this.folder, path);
      const text = change(await readFile(file, 'utf8').catch(() => ''));
      await mkdir(dirname(file), { recursive: true });
      if (text === undefined) await rm(file);
      else await writeFile(file, text);
      await this.git('add', '--all');
      await this.git('commit', '--quiet', '--message', message);
      const pushed = await this.git('push', '--quiet', 'origin', 'HEAD:main').then(
        () => true,
        (error: unknown) => {
          if (attempt >= 5) throw error;
          return false;
        },
      );
      if (pushed) return (await this.git('rev-parse', 'HEAD')).trim();
    }
  }
}
