import type { Log } from '@shipit/platform';
import { type Job, Queue, WaitingError } from 'bullmq';
import { type Pass, PassQueue } from './pass-queue.js';
import { jobIdOf, prefix } from './queue-settings.js';
import { type QueueWorker, startWorker } from './queue-worker.js';
import type { RedisConnections } from './redis-connections.js';

const retryAfterMs = 5_000;
const gone = { removeOnComplete: true, removeOnFail: true, stackTraceLimit: 0 };

/** Passes as deduplicated BullMQ jobs; timers as delayed jobs under ids of their own, which only enqueue the pass. */
export class BullPassQueue extends PassQueue {
  private readonly queue: Queue<{ key: string }>;
  private readonly stopping = new AbortController();
  private worker: QueueWorker | undefined;

  constructor(
    private readonly connections: RedisConnections,
    private readonly name: string,
    private readonly log: Log,
  ) {
    super();
    this.queue = new Queue(name, { connection: connections.producer, prefix, skipWaitingForReady: true });
    this.queue.on('error', (err) => log.debug({ err, queue: name }, 'queue connection failed'));
  }

  async enqueue(key: string): Promise<void> {
    await this.queue.add('pass', { key }, { ...gone, deduplication: { id: key, keepLastIfActive: true } });
  }

  async enqueueAfter(key: string, delayMs: number): Promise<void> {
    const dueSecond = Math.ceil((Date.now() + delayMs) / 1_000);
    const jobId = jobIdOf('timer', `${key}-${dueSecond}`);
    await this.queue.add('timer', { key }, { ...gone, jobId, delay: delayMs, attempts: 100, backoff: 1_000 });
  }

  work(pass: Pass, { concurrency = 20 }: { concurrency?: number } = {}): void {
    if (this.worker) throw new Error(`Queue ${this.name} is already worked on`);
    this.worker = startWorker(
      this.connections,
      (job, token, lost) => this.process(pass, job as Job<{ key: string }>, token, lost),
      {
        queue: this.name,
        concurrency,
        log: this.log,
        stopping: this.stopping.signal,
      },
    );
  }

  async close(): Promise<void> {
    this.stopping.abort(new Error('The service stops'));
    await this.worker?.close();
    await this.queue.close();
  }

  private async process(pass: Pass, job: Job<{ key: string }>, token?: string, lost?: AbortSignal): Promise<void> {
    const { key } = job.data;
    if (job.name === 'timer') return this.enqueue(key);
    const signal = AbortSignal.any(lost ? [this.stopping.signal, lost] : [this.stopping.signal]);
    try {
      this.stopping.signal.throwIfAborted();
      await pass(key, signal);
    } catch (err) {
      if (this.stopping.signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      // The job itself must not back off: it would swallow wake-ups meanwhile.
      this.log.error({ err, key }, 'pass failed and will be tried again');
      await this.enqueueAfter(key, retryAfterMs);
    }
  }
}
