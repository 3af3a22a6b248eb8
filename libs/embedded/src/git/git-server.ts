import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { canRead, canWrite, type GitServerToken } from './git-access.js';
import { runHttpBackend } from './http-backend.js';
import { createBareRepository, readBranches, type InitialRepository } from './bare-repository.js';

/** What the embedded git server serves, where it keeps it, and who may use it. */
export interface GitServerOptions {
  /** Folder of the bare repositories. Repositories that exist there already are served as they are. */
  directory: string;
  /** Name (any depth, without `.git`) → its first commit. */
  repositories: Record<string, InitialRepository>;
  /** Accepted as bearer token or as the password of basic authentication. None given: open to everyone on this machine. */
  tokens?: readonly (string | GitServerToken)[];
  /** Lets everyone clone; pushing still needs a token. */
  openRead?: boolean;
  /** Told once per branch and push, after the push was answered; `commit` is undefined when the branch was deleted. */
  onPush?: (repository: string, branch: string, commit: string | undefined) => void;
  port?: number;
  host?: string;
}

export interface GitServer {
  /** `http://127.0.0.1:<port>` */
  url: string;
  port: number;
  /** The address to clone from. */
  repositoryUrl(name: string): string;
  /** The bare repository on disk. */
  repositoryPath(name: string): string;
  close(): Promise<void>;
}

/** Serves bare repositories over smart HTTP with `git http-backend`; unmodified git clients clone from and push to it. */
export async function startGitServer(options: GitServerOptions): Promise<GitServer> {
  const repositories = await openRepositories(options);
  const pushes = new PushNotices(repositories, options.onPush);
  const server = createServer((request, response) => {
    void serve(request, response, { options, repositories, pushes });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    repositoryUrl: (name) => `${url}/${name}.git`,
    repositoryPath: (name) => repositories.get(name) ?? fail(`No repository ${name} is served here`),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await pushes.settled();
    },
  };
}

interface ServingContext {
  options: GitServerOptions;
  repositories: ReadonlyMap<string, string>;
  pushes: PushNotices;
}

const ROUTE = /^\/(.+?)(?:\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

async function serve(request: IncomingMessage, response: ServerResponse, context: ServingContext): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const route = findRoute(url, context.repositories);
  if (!route) {
    answer(response, 404, 'No such repository\n');
    return;
  }
  if (!isAllowed(request, route.isWrite, context.options)) {
    response.setHeader('WWW-Authenticate', 'Basic realm="git"');
    answer(response, 401, 'A token is needed\n');
    return;
  }
  try {
    await runHttpBackend(request, response, { ...route, query: url.search.slice(1) });
  } catch (error) {
    if (response.headersSent) response.destroy();
    else answer(response, 500, `git http-backend: ${String(error)}\n`);
  }
  if (route.endpoint === 'git-receive-pack') await context.pushes.look(route.name);
}

interface Route {
  name: string;
  repository: string;
  endpoint: string;
  isWrite: boolean;
}

function findRoute(url: URL, repositories: ReadonlyMap<string, string>): Route | undefined {
  const [, name = '', endpoint = ''] = ROUTE.exec(url.pathname) ?? [];
  const repository = repositories.get(name);
  const isWrite = endpoint === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  return repository === undefined ? undefined : { name, repository, endpoint, isWrite };
}

function isAllowed(request: IncomingMessage, isWrite: boolean, { tokens, openRead }: GitServerOptions): boolean {
  const access = { authorization: request.headers.authorization, tokens, openRead };
  return isWrite ? canWrite(access) : canRead(access);
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' }).end(text);
}

async function openRepositories(options: GitServerOptions): Promise<Map<string, string>> {
  await mkdir(options.directory, { recursive: true });
  const opened = new Map<string, string>();
  for (const [name, initial] of Object.entries(options.repositories)) {
    opened.set(name, await createBareRepository(options.directory, name, initial));
  }
  return opened;
}

/** Tells which branches moved by comparing them with what was there before; one look at a time, so none is told twice. */
class PushNotices {
  private readonly known = new Map<string, Promise<Map<string, string>>>();

  constructor(
    private readonly repositories: ReadonlyMap<string, string>,
    private readonly onPush: GitServerOptions['onPush'],
  ) {
    for (const [name, path] of repositories) if (onPush) this.known.set(name, readBranches(path));
  }

  async look(name: string): Promise<void> {
    const before = this.known.get(name);
    const path = this.repositories.get(name);
    if (!before || path === undefined) return;
    const looked = before.then(async (old) => {
      const now = await readBranches(path);
      for (const branch of new Set([...old.keys(), ...now.keys()])) {
        if (old.get(branch) !== now.get(branch)) this.onPush?.(name, branch, now.get(branch));
      }
      return now;
    });
    this.known.set(
      name,
      looked.catch(() => before),
    );
    await looked.catch(() => undefined);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.known.values());
  }
}

function fail(message: string): never {
  throw new Error(message);
}
