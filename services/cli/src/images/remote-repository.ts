import { findDefaultBranch, type GitAuthor, GitError, IsomorphicGitRepository } from '@shipit/git';
import { CliError } from '../output/cli-error.js';

const tokenAdvice = 'give the https:// address and put the token into GIT_TOKEN';

/** @throws CliError for an address that is none of a repository over https, or that holds credentials; these are never repeated. */
export function readAddress(text: string): string {
  const problem = problemOf(text);
  if (problem !== undefined) throw new CliError(problem);
  return new URL(text).href.replace(/\/+$/, '');
}

function problemOf(text: string): string | undefined {
  if (/^[\w.-]+@[\w.-]+:(?!\/\/)/.test(text)) return `${text} is reached by SSH: ${tokenAdvice}`;
  if (!URL.canParse(text)) return `this is no address of a repository: ${tokenAdvice}`;
  const url = new URL(text);
  const { protocol, host } = url;
  if (!/^https?:$/.test(protocol)) return `${protocol}// is not supported: ${tokenAdvice}`;
  if (url.username || url.password) return `the address of ${host} holds credentials: ${tokenAdvice}`;
  if (url.search || url.hash) return `the address of ${host} ends in ? or #: leave that out`;
  const isOpen = protocol === 'http:' && !isThisMachine(url);
  return isOpen ? `http://${host} would carry the token in the open: use https://` : undefined;
}

function isThisMachine({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** `--author`, else what git itself reads from the environment, else Ship-it. */
export function readAuthor(text: string | undefined, environment: NodeJS.ProcessEnv): GitAuthor {
  if (text !== undefined) {
    const [, name = '', email = ''] = /^([^<>\p{Cc}]*[^<>\p{Cc}\s])\s*<([^<>\s]+@[^<>\s]+)>$/u.exec(text.trim()) ?? [];
    if (name === '') throw new CliError('--author has the form "Ann <ann@example.com>"');
    return { name, email };
  }
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email } = environment;
  if (name && email) return { name, email };
  if (name || email) throw new CliError('GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL go together: one of them is not set');
  return { name: 'Ship-it', email: 'ship-it@localhost.localdomain' };
}

interface WantedRepository {
  address: string;
  branch: string | undefined;
  environment: NodeJS.ProcessEnv;
  signal: AbortSignal;
}

export interface OpenedRepository {
  repository: IsomorphicGitRepository;
  branch: string;
}

/** The branch named, else the one that the server calls its own. Nothing of the history is asked for. */
export async function openRepository(wanted: WantedRepository): Promise<OpenedRepository> {
  const { address, branch, environment, signal } = wanted;
  const { GIT_TOKEN: token, GIT_USERNAME: username } = environment;
  // A secret that was read from a file often ends in a line end.
  const remote = { url: address, token: token?.trim(), username: username?.trim() || undefined };
  const chosen = branch ?? (await findDefaultBranch(remote, signal));
  if (chosen === undefined) throw new CliError(`${address} does not say which branch is its own: name it by --branch`);
  return { repository: new IsomorphicGitRepository({ ...remote, branch: chosen, depth: 1 }), branch: chosen };
}

/** What a person has to do about an error of git. */
export function explainGitError(error: unknown, { GIT_TOKEN: token }: NodeJS.ProcessEnv): unknown {
  if (!(error instanceof GitError)) return error;
  const isAnonymous = !token && (error.code === 'SHIPIT_GIT_DENIED' || error.code === 'SHIPIT_GIT_NOT_FOUND');
  return new CliError(`${error.message}${isAnonymous ? ' (GIT_TOKEN is not set)' : ''}`);
}
