import { Worker } from 'node:worker_threads';
import { compileHelm } from '../wasm/compile.mjs';
import { createPosition, readPosition } from '../wasm/position.mjs';
import { ChartError } from './chart-error.js';
import { type Crash, isOutOfMemory } from './helm-crash.js';

export interface Question {
  body: string;
  blob?: Uint8Array;
}
type Reply = { answer: string; memoryBytes: number } | Crash;

const workerFile = new URL('../wasm/worker.mjs', import.meta.url);
/** An instance never gives memory back: one that has grown beyond this is replaced. */
const REPLACE_ABOVE_BYTES = 320 * 1024 * 1024;

/** One worker thread; answers one question at a time. */
export class HelmThread {
  readonly ready: Promise<void>;
  readonly #position = createPosition();
  hasStarted = false;
  /** No call was answered yet. */
  isFresh = true;
  /** It ended, or is to be ended: nothing can be asked any more. */
  isSpent = false;
  /** Answers as well as ever, but holds so much memory that a new one is better for the next call. */
  isWorn = false;
  isOutOfMemory = false;
  #worker: Worker | undefined;
  #answered: ((reply: Reply) => void) | undefined;

  /** Is told when it ended by itself with nothing to answer. */
  constructor(private readonly onGone: (thread: HelmThread) => void) {
    this.ready = this.#start().catch((error: unknown) => this.#giveUp(error));
  }

  /** Where in the chart it is, or was when it ended: ` in web/templates/a.yaml:3`, or nothing. */
  get where(): string {
    const position = readPosition(this.#position);
    return position === undefined ? '' : ` in ${position}`;
  }

  async ask(question: Question, deadlineSeconds: number): Promise<Reply | 'deadline'> {
    const worker = this.#worker;
    if (!worker || this.isSpent) return { crash: 'the thread is gone', stderr: '' };
    worker.ref();
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Reply | 'deadline'>((resolve) => {
        this.#answered = resolve;
        timer = setTimeout(() => {
          this.isSpent = true;
          resolve('deadline');
        }, deadlineSeconds * 1000);
        worker.postMessage(question);
      });
    } finally {
      clearTimeout(timer);
      this.#answered = undefined;
      worker.unref();
    }
  }

  async end(): Promise<void> {
    this.isSpent = true;
    this.#answered?.({ crash: 'the engine was closed', stderr: '' });
    await this.ready.catch(() => undefined);
    await this.#worker?.terminate();
  }

  async #start(): Promise<void> {
    const worker = new Worker(workerFile, {
      workerData: { position: this.#position },
      // Nothing of this process is passed on; templates and YAML nest deeper than the default stack allows.
      env: {},
      execArgv: [],
      resourceLimits: { stackSizeMb: 16 },
    });
    this.#worker = worker;
    const isReady = new Promise<void>((resolve, reject) => {
      worker.once('message', () => resolve());
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('it ended while it started')));
    });
    // The thread starts while the module is compiled.
    await Promise.all([isReady, compileHelm().then((module) => worker.postMessage(module))]);
    this.hasStarted = true;
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('error', (error) => this.#settle({ crash: error.message, stderr: '' }));
    worker.on('exit', () => this.#settle({ crash: 'the thread ended', stderr: '' }));
    worker.unref();
  }

  async #giveUp(error: unknown): Promise<never> {
    await this.#worker?.terminate();
    const reason = `a thread for Helm could not be started: ${error instanceof Error ? error.message : String(error)}`;
    throw new ChartError('SHIPIT_CHART_CRASH', reason, { cause: error, isTransient: true });
  }

  #settle(reply: Reply): void {
    this.isFresh = false;
    if ('crash' in reply) {
      this.isSpent = true;
      this.isOutOfMemory = isOutOfMemory(reply);
    } else {
      this.isWorn = reply.memoryBytes > REPLACE_ABOVE_BYTES;
    }
    if (this.#answered) this.#answered(reply);
    else this.onGone(this);
  }
}
