import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';

export interface ServiceSettings {
  name: string;
  /** The built entry file. */
  entry: string;
  env: NodeJS.ProcessEnv;
  logFile: string;
  /** A service that started is started again when it ends by itself: told once it is ready again. */
  onRestart(pid: number, code: number | null): void;
}

const readyMs = 30_000;
const stopMs = 12_000;
const firstRestartMs = 500;
const longestRestartMs = 10_000;

/** One service as its own process: started, awaited, started again when it dies, stopped. */
export class ServiceProcess {
  private child: ChildProcess | undefined;
  private readonly log: WriteStream;
  private isWanted = false;
  private restartTimer: NodeJS.Timeout | undefined;
  private restartMs = firstRestartMs;
  private tail = '';

  constructor(private readonly settings: ServiceSettings) {
    this.log = createWriteStream(settings.logFile, { flags: 'a' });
  }

  get name(): string {
    return this.settings.name;
  }

  /** 0 while it does not run. */
  get pid(): number {
    return isRunning(this.child) ? (this.child?.pid ?? 0) : 0;
  }

  /**
   * Resolves once the service says that it is ready; throws with its last lines when it ends before.
   * `once` is added to the environment of this start alone: a process that is started again after it does not have it.
   */
  start(once: NodeJS.ProcessEnv = {}): Promise<void> {
    this.isWanted = true;
    const { entry, env, name } = this.settings;
    // Detached: Ctrl-C reaches the playground alone, which then stops the services in its own order.
    const child = fork(entry, [], {
      env: { ...env, ...once },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    this.child = child;
    child.stdout?.on('data', (text: Buffer) => this.keep(text));
    child.stderr?.on('data', (text: Buffer) => this.keep(text));
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`${name} was not ready within ${readyMs / 1000} s; see ${this.settings.logFile}`));
        child.kill('SIGKILL');
      }, readyMs);
      let isReady = false;
      child.on('message', (message) => {
        if (!isReadyMessage(message)) return;
        isReady = true;
        clearTimeout(timer);
        resolve();
      });
      child.once('exit', (code) => {
        clearTimeout(timer);
        if (isReady) this.restart(code);
        else reject(new Error(`${name} ended while starting:\n${this.tail}`));
      });
    });
  }

  /** SIGTERM, and SIGKILL where that does not help. It may be started again. */
  async stop(): Promise<void> {
    this.isWanted = false;
    clearTimeout(this.restartTimer);
    if (this.child && isRunning(this.child)) await ended(this.child);
  }

  /** Stops it for good. */
  async close(): Promise<void> {
    await this.stop();
    this.log.end();
  }

  private restart(code: number | null): void {
    if (!this.isWanted) return;
    const wait = this.restartMs;
    this.restartMs = Math.min(wait * 2, longestRestartMs);
    this.restartTimer = setTimeout(() => {
      this.start().then(
        () => {
          this.restartMs = firstRestartMs;
          this.settings.onRestart(this.pid, code);
        },
        (error: Error) => {
          this.keep(Buffer.from(`${error.message}\n`));
          this.restart(null);
        },
      );
    }, wait);
  }

  private keep(text: Buffer): void {
    if (!this.log.writableEnded) this.log.write(text);
    this.tail = (this.tail + text.toString('utf8')).slice(-2_000);
  }
}

function isReadyMessage(message: unknown): boolean {
  return typeof message === 'object' && message !== null && (message as { ready?: unknown }).ready === true;
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopMs);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
