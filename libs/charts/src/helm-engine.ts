import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { compileHelm } from '../wasm/compile.mjs';
import { createPosition, readPosition } from '../wasm/position.mjs';
import { ChartError, type ChartErrorCode } from './chart-error.js';
import { type Crash, crashReason, isOutOfMemory, whileReading } from './helm-crash.js';

export interface HelmEngineOptions {
  /** Threads, each with an instance of the module of its own. Default: one per processor, at most 4. */
  workers?: number;
  /** What one call may take before its thread is ended. */
  deadlineSeconds?: number;
}

/** What an operation works on besides its own fields. */
export interface HelmCall {
  operation:
    'render' | 'encodeRelease' | 'updateRelease' | 'decodeRelease' | 'inspectChart' | 'findInIndex' | 'newestVersion';
  /** For messages: what is being done to what. */
  subject: string;
  fields: Record<string, unknown>;
  /** Sent only when the thread does not have it yet. */
  chart?: { digest: string; archive: Uint8Array };
  blob?: Uint8Array;
}

const Answer = z.object({
  result: z.unknown().optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  warnings: z.array(z.string()).nullish(),
});

const workerFile = new URL('../wasm/worker.mjs', import.meta.url);
/** An instance never gives memory back: one that has grown beyond this is replaced. */
const REPLACE_ABOVE_BYTES = 320 * 1024 * 1024;

/**
 * Helm's own code on a pool of threads.
 *
 * A call that never ends, takes too much memory or crashes costs one thread, which is replaced; the others go on.
 * An idle engine does not keep the process alive.
 */
export class HelmEngine {
  readonly #size: number;
  readonly #deadlineSeconds: number;
  readonly #threads = new Set<Thread>();
  readonly #idle: Thread[] = [];
  readonly #waiting: ((thread: Thread | Error) => void)[] = [];
  #isClosed = false;

  constructor(options: HelmEngineOptions = {}) {
    this.#size = options.workers ?? Math.min(availableParallelism(), 4);
    this.#deadlineSeconds = options.deadlineSeconds ?? 30;
  }

  /** Starts the threads ahead, so that the first call does not wait for them. */
  async warmUp(): Promise<void> {
    this.#fill();
    await Promise.all([...this.#threads].map((thread) => thread.ready));
  }

  /** Runs one operation of the module; throws a `ChartError`. */
  async call(call: HelmCall): Promise<{ result: unknown; warnings: string[] }> {
    const thread = await this.#acquire();
    const { isFresh } = thread;
    let next: Thread;
    try {
      return await this.#run(thread, call);
    } catch (error) {
      if (isFresh || !thread.isOutOfMemory || this.#isClosed) throw error;
      // What did not fit may have been what earlier calls left: once more, in a new thread in place of this one.
      this.#threads.delete(thread);
      this.#threads.add((next = new Thread()));
    } finally {
      this.#release(thread);
    }
    return this.#runFirst(next, call);
  }

  /** Ends all threads; calls in hand fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const waiter of this.#waiting.splice(0)) waiter(closedError());
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    this.#threads.clear();
    this.#idle.length = 0;
  }

  async #runFirst(thread: Thread, call: HelmCall): Promise<{ result: unknown; warnings: string[] }> {
    try {
      await thread.ready;
      return await this.#run(thread, call);
    } catch (error) {
      thread.isSpent = true;
      throw error;
    } finally {
      this.#release(thread);
    }
  }

  async #run(thread: Thread, call: HelmCall): Promise<{ result: unknown; warnings: string[] }> {
    const { operation, subject, fields, chart, blob } = call;
    const body = JSON.stringify({ operation, ...fields, ...(chart && { digest: chart.digest }) });
    let answer = await this.#ask(thread, subject, body, blob);
    if (answer.failure?.code === 'archive-wanted' && chart)
      answer = await this.#ask(thread, subject, body, chart.archive);
    if (answer.failure) throw new ChartError(codeOf(answer.failure.code), answer.failure.message, { subject });
    return { result: answer.result, warnings: answer.warnings ?? [] };
  }

  async #ask(thread: Thread, subject: string, body: string, blob?: Uint8Array): Promise<z.infer<typeof Answer>> {
    const reply = await thread.ask({ body, ...(blob && { blob }) }, this.#deadlineSeconds);
    if (reply === 'deadline') {
      const isWhileReading = thread.where === '';
      const hint = isWhileReading ? whileReading : `${thread.where}; look for what loops there, or makes keys`;
      const reason = `not done after ${this.#deadlineSeconds} s and stopped${hint}`;
      throw new ChartError('SHIPIT_CHART_DEADLINE', reason, { subject, isWhileReading });
    }
    if ('crash' in reply) {
      const reason = `${crashReason(reply)}${thread.where || whileReading}`;
      throw new ChartError('SHIPIT_CHART_CRASH', reason, { subject, isWhileReading: thread.where === '' });
    }
    const answer = Answer.parse(JSON.parse(reply.answer));
    if (answer.failure?.code === 'panic') answer.failure.message += thread.where;
    return answer;
  }

  async #acquire(): Promise<Thread> {
    if (this.#isClosed) throw closedError();
    this.#fill();
    const idle = this.#idle.pop();
    if (idle) return idle;
    return new Promise((resolve, reject) => {
      this.#waiting.push((thread) => (thread instanceof Error ? reject(thread) : resolve(thread)));
    });
  }

  #release(thread: Thread): void {
    if (thread.isSpent) {
      void this.#drop(thread);
    } else {
      this.#offer(thread);
    }
  }

  #offer(thread: Thread): void {
    const next = this.#waiting.shift();
    if (next) next(thread);
    else this.#idle.push(thread);
  }

  async #drop(thread: Thread): Promise<void> {
    this.#threads.delete(thread);
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
    if (!this.#isClosed) this.#fill();
    await thread.end();
  }

  #fill(): void {
    while (this.#threads.size < this.#size) {
      const thread = new Thread();
      this.#threads.add(thread);
      thread.ready.then(
        () => this.#offer(thread),
        (error: unknown) => {
          // Starting failed: whoever waits is told, and the next call tries again.
          this.#threads.delete(thread);
          this.#waiting.shift()?.(error instanceof Error ? error : new Error(String(error)));
        },
      );
    }
  }
}

interface Question {
  body: string;
  blob?: Uint8Array;
}
type Reply = { answer: string; memoryBytes: number } | Crash;

/** One worker thread; answers one question at a time. */
class Thread {
  readonly ready: Promise<void>;
  readonly #position = createPosition();
  /** No call was answered yet. */
  isFresh = true;
  isSpent = false;
  isOutOfMemory = false;
  #worker: Worker | undefined;
  #answered: ((reply: Reply) => void) | undefined;

  constructor() {
    this.ready = this.#start();
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
      worker.once('exit', () => reject(new Error('a Helm thread ended while it started')));
    });
    try {
      // The thread starts while the module is compiled.
      await Promise.all([isReady, compileHelm().then((module) => worker.postMessage(module))]);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    worker.on('message', (reply: Reply) => this.#settle(reply));
    worker.on('error', (error) => this.#settle({ crash: error.message, stderr: '' }));
    worker.on('exit', () => this.#settle({ crash: 'the thread ended', stderr: '' }));
    worker.unref();
  }

  #settle(reply: Reply): void {
    this.isFresh = false;
    if ('crash' in reply || reply.memoryBytes > REPLACE_ABOVE_BYTES) this.isSpent = true;
    if ('crash' in reply) this.isOutOfMemory = isOutOfMemory(reply);
    this.#answered?.(reply);
  }
}

const codes: Record<string, ChartErrorCode> = {
  values: 'SHIPIT_CHART_VALUES',
  'schema-reference': 'SHIPIT_CHART_SCHEMA',
  template: 'SHIPIT_CHART_TEMPLATE',
  'too-large': 'SHIPIT_CHART_TOO_LARGE',
  panic: 'SHIPIT_CHART_CRASH',
  record: 'SHIPIT_RECORD_UNREADABLE',
  index: 'SHIPIT_CHART_DOWNLOAD',
};

function codeOf(failure: string): ChartErrorCode {
  return codes[failure] ?? 'SHIPIT_CHART_INVALID';
}

function closedError(): ChartError {
  return new ChartError('SHIPIT_CHART_CRASH', 'the Helm engine is closed', { isTransient: true });
}
