import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const loader = new URL('../source-loader/register.mjs', import.meta.url);

export interface SourceProcess {
  readonly child: ChildProcess;
  /** What it has written on stdout and stderr so far. */
  output(): string;
  /** Resolves with the first message over IPC, `{ready: true, address}` for a service; rejects with the output when it ends before. */
  ready(): Promise<{ ready: true; address: string }>;
  /** Resolves with exit code and signal. */
  ended(): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Sends a signal (SIGTERM) and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/**
 * Runs a TypeScript file of this workspace, e.g. a service's main.ts, as a process of its own without a build.
 * The environment is only what is given, with PATH and NODE_ENV=test. It ends with this process, whose IPC channel it holds.
 */
export function startSource(entry: string | URL, environment: Record<string, string> = {}): SourceProcess {
  const child = fork(typeof entry === 'string' ? entry : fileURLToPath(entry), [], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...environment },
    execArgv: ['--conditions', '@shipit/source', '--enable-source-maps', '--import', loader.href],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  // Not the event 'close': it never comes where the parent has disconnected.
  const streams = [child.stdout, child.stderr].flatMap((stream) => (stream ? [once(stream, 'close')] : []));
  const ended = once(child, 'exit').then(async ([code, signal]: unknown[]) => {
    await Promise.all(streams);
    return { code: code as number | null, signal: signal as NodeJS.Signals | null };
  });
  const ready = new Promise<{ ready: true; address: string }>((resolve, reject) => {
    child.once('message', (message) => resolve(message as { ready: true; address: string }));
    void ended.then(({ code, signal }) =>
      reject(new Error(`${String(entry)} ended (${code ?? signal}) before it was ready:\n${text}`)),
    );
  });
  ready.catch(() => undefined);
  return {
    child,
    output: () => text,
    ready: () => ready,
    ended: () => ended,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}
