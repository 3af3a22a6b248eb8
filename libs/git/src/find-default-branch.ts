import git from 'isomorphic-git';
import { HttpTransport } from './http-transport.js';
import type { IsomorphicGitRepositoryOptions } from './isomorphic-git-repository.js';

/** The branch that a repository's HEAD names; undefined where the server does not say. */
export async function findDefaultBranch(
  options: Pick<IsomorphicGitRepositoryOptions, 'url' | 'token' | 'username' | 'requestTimeoutSeconds'>,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { url, token, username, requestTimeoutSeconds = 30 } = options;
  const limits = { requestTimeoutMs: requestTimeoutSeconds * 1000, maxResponseBytes: 64 * 1024 * 1024 };
  const http = new HttpTransport({ url, token, username, ...limits }).client(signal);
  const refs = await git.listServerRefs({ http, url, prefix: 'HEAD', symrefs: true, protocolVersion: 1 });
  const target = refs.find(({ ref }) => ref === 'HEAD')?.target;
  return target?.startsWith('refs/heads/') ? target.slice('refs/heads/'.length) : undefined;
}
