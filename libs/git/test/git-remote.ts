import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGitServer, type GitServer } from '@shipit/embedded';
import { IsomorphicGitRepository, type IsomorphicGitRepositoryOptions } from '../src/index.js';

export const token = 'test-token';

export interface GitRemote {
  server: GitServer;
  url: string;
  clone(options?: Partial<IsomorphicGitRepositoryOptions>): IsomorphicGitRepository;
  close(): Promise<void>;
}

/** A real git server on a free port with one repository, and clones of it that are cleaned up at the end. */
export async function startRemote(files: Record<string, string>): Promise<GitRemote> {
  const directory = await mkdtemp(join(tmpdir(), 'shipit-remote-'));
  const server = await startGitServer({ directory, tokens: [token], repositories: { gitops: { files } } });
  const url = server.repositoryUrl('gitops');
  const clones: IsomorphicGitRepository[] = [];
  return {
    server,
    url,
    clone(options = {}) {
      const clone = new IsomorphicGitRepository({ url, branch: 'main', token, ...options });
      clones.push(clone);
      return clone;
    },
    async close() {
      await Promise.all(clones.map((clone) => clone.close()));
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
