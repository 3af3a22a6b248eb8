import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { ChartError, type ChartErrorCode } from './chart-error.js';
import { crashReason, whileReading } from './helm-crash.js';
import { HelmThread, type Question } from './helm-thread.js';

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
  /** Where that is less than the engine's: what calls before it left of their common deadline. */
  deadlineSeconds?: number;
}

export interface HelmAnswer {
  result: unknown;
  warnings: string[];
  /** Of the deadline; waiting for a thread costs nothing. */
  secondsLeft: number;
}

const Answer = z.object({
  result: z.unknown().optional(),
  failure: z.object({ code: z.string(), message: z.string() }).optional(),
  warnings: z.array(z.string()).nullish(),
});

/**
 * Helm's own code on a pool of threads.
 *
 * A call that never ends, takes too much memory or crashes costs one thread, which is replaced; the others go on.
 * An idle engine does not keep the process alive.
 */
export class HelmEngine {
  readonly #size: number;
  readonly #deadlineSeconds: number;
  readonly #threads = new Set<HelmThread>();
  readonly #idle: HelmThread[] = [];
  readonly #waiting: ((thread: HelmThread | Error) => void)[] = [];
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
  async call(call: HelmCall): Promise<HelmAnswer> {
    const thread = await this.#acquire();
    const { isFresh } = thread;
    let next: HelmThread;
    try {
      return await this.#run(thread, call);
    } catch (error) {
      if (isFresh || !thread.isOutOfMemory || this.#isClosed) throw error;
      // What did not fit may have been what earlier calls left: once more, in a new thread in place of this one.
      this.#threads.delete(thread);
      this.#threads.add((next = this.#newThread()));
    } finally {
      this.#release(thread);
    }
    return this.#runFirst(next, call);
  }

  /** Ends all threads; calls in hand fail, as passing. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#refuse(closedError());
    await Promise.all([...this.#threads].map((thread) => thread.end()));
    this.#threads.clear();
    this.#idle.length = 0;
  }

  async #runFirst(thread: HelmThread, call: HelmCall): Promise<HelmAnswer> {
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

  async #run(thread: HelmThread, call: HelmCall): Promise<HelmAnswer> {
    const { operation, subject, fields, chart, blob } = call;
    const body = JSON.stringify({ operation, ...fields, ...(chart && { digest: chart.digest }) });
    const end = performance.now() + (call.deadlineSeconds ?? this.#deadlineSeconds) * 1000;
    const secondsLeft = (): number => Math.max(0, end - performance.now()) / 1000;
    const ask = (sent?: Uint8Array) => this.#ask(thread, subject, { body, ...(sent && { blob: sent }) }, secondsLeft());
    let answer = await ask(blob);
    if (answer.failure?.code === 'archive-wanted' && chart) answer = await ask(chart.archive);
    if (answer.failure) throw new ChartError(codeOf(answer.failure.code), answer.failure.message, { subject });
    return { result: answer.result, warnings: answer.warnings ?? [], secondsLeft: secondsLeft() };
  }

  async #ask(
    thread: HelmThread,
    subject: string,
    question: Question,
    deadlineSeconds: number,
  ): Promise<z.infer<typeof Answer>> {
    const reply = await thread.ask(question, deadlineSeconds);
    if (reply === 'deadline') {
      const isWhileReading = thread.where === '';
      const hint = isWhileReading ? whileReading : `${thread.where}; look for what loops there, or makes keys`;
      const reason = `not done after ${this.#deadlineSeconds} s and stopped${hint}`;
      throw new ChartError('SHIPIT_CHART_DEADLINE', reason, { subject, isWhileReading });
    }
    if ('crash' in reply) {
      if (this.#isClosed) throw closedError();
      const reason = `${crashReason(reply)}${thread.where || whileReading}`;
      throw new ChartError('SHIPIT_CHART_CRASH', reason, { subject, isWhileReading: thread.where === '' });
    }
    const answer = Answer.parse(JSON.parse(reply.answer));
    if (answer.failure?.code === 'panic') answer.failure.message += thread.where;
    return answer;
  }

  async #acquire(): Promise<HelmThread> {
    if (this.#isClosed) throw closedError();
    this.#fill();
    const idle = this.#idle.pop();
    if (idle) return idle;
    return new Promise((resolve, reject) => {
      this.#waiting.push((thread) => (thread instanceof Error ? reject(thread) : resolve(thread)));
    });
  }

  #release(thread: HelmThread): void {
    if (thread.isSpent || thread.isWorn) {
      void this.#drop(thread);
    } else {
      this.#offer(thread);
    }
  }

  #offer(thread: HelmThread): void {
    const next = this.#waiting.shift();
    if (next) next(thread);
    else this.#idle.push(thread);
  }

  #refuse(error: Error): void {
    for (const waiter of this.#waiting.splice(0)) waiter(error);
  }

  #newThread(): HelmThread {
    // Who died idle is replaced when somebody asks.
    return new HelmThread((thread) => this.#forget(thread));
  }

  #forget(thread: HelmThread): void {
    this.#threads.delete(thread);
    const at = this.#idle.indexOf(thread);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  async #drop(thread: HelmThread): Promise<void> {
    this.#forget(thread);
    if (!this.#isClosed) this.#fill();
    await thread.end();
  }

  #fill(): void {
    while (this.#threads.size < this.#size) {
      const thread = this.#newThread();
      this.#threads.add(thread);
      thread.ready.then(
        () => this.#offer(thread),
        (error: Error) => {
          this.#threads.delete(thread);
          // Then nobody would come to those who wait. The next call tries again.
          if (![...this.#threads].some(({ hasStarted }) => hasStarted)) this.#refuse(error);
        },
      );
    }
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
