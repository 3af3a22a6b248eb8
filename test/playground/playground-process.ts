import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@shipit/testing';

const entry = fileURLToPath(new URL('../../services/playground/dist/main.js', import.meta.url));

/** What the playground writes for programs. */
export interface Ready {
  api: string;
  web: string;
  redisUrl: string;
  git: { url: string; branch: string; path: string; token: string };
  aws: {
    endpointSqs: string;
    endpointEcr: string;
    region: string;
    account: string;
    queueUrl: string;
    deadLetterQueueUrl: string;
  };
  kubeconfig: string;
  token: string;
  webhookSecret: string;
  pids: Record<string, number>;
}

/** The playground as `npm start` runs it: one process, with its own directory, that starts all others. */
export class PlaygroundProcess {
  private text = '';
  private orders = 0;

  private constructor(
    readonly directory: string,
    readonly child: ChildProcess,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
  }

  /** Begins to start one; `ready` tells when it is there. */
  static launch(directory: string, args: readonly string[] = []): PlaygroundProcess {
    if (!existsSync(entry)) throw new Error('The services are not built: npm run build');
    // A Redis of its own: the tests empty it.
    const { REDIS_URL: _, ...env } = process.env;
    const options = ['--directory', directory, '--port', '0', ...args];
    return new PlaygroundProcess(
      directory,
      fork(entry, options, { env, execArgv: [], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] }),
    );
  }

  async untilReady(): Promise<Ready> {
    await waitUntil(() => this.hasEnded() || existsSync(`${this.directory}/ready.json`), { limitMs: 60_000 });
    if (this.hasEnded()) throw new Error(`The playground ended:\n${this.text}`);
    return this.ready();
  }

  /** Read anew each time: pids change. */
  ready(): Ready {
    return JSON.parse(readFileSync(`${this.directory}/ready.json`, 'utf8')) as Ready;
  }

  /** What it said so far. */
  output(): string {
    return this.text;
  }

  hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  stopService(service: string): Promise<void> {
    return this.order({ order: 'stop', service });
  }

  /** `env` is that of this one process; the one that replaces it does not have it. */
  startService(service: string, env: Record<string, string> = {}): Promise<void> {
    return this.order({ order: 'start', service, env });
  }

  /** As Ctrl-C does. Resolves with its exit code. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded()) {
      const ended = once(this.child, 'exit');
      this.child.kill('SIGINT');
      await ended;
    }
    return this.child.exitCode;
  }

  private order(what: { order: 'stop' | 'start'; service: string; env?: Record<string, string> }): Promise<void> {
    const id = ++this.orders;
    return new Promise((resolve, reject) => {
      const listen = (message: unknown): void => {
        const answer = message as { id?: number; error?: string };
        if (answer.id !== id) return;
        this.child.off('message', listen);
        if (answer.error === undefined) resolve();
        else reject(new Error(answer.error));
      };
      this.child.on('message', listen);
      this.child.send({ id, ...what });
    });
  }
}
