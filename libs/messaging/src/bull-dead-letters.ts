import { queues } from '@shipit/contracts';
import { type Job, Queue } from 'bullmq';
import { type DeadLetter, DeadLetters } from './dead-letters.js';
import { prefix } from './queue-settings.js';
import type { RedisConnections } from './redis-connections.js';

/** The failed jobs of all services' queues. */
export class BullDeadLetters extends DeadLetters {
  private readonly queues: Map<string, Queue>;

  constructor(connections: RedisConnections, names: readonly string[] = queues) {
    super();
    this.queues = new Map(
      names.map((name) => {
        const queue = new Queue(name, { connection: connections.producer, prefix, skipWaitingForReady: true });
        queue.on('error', () => undefined);
        return [name, queue];
      }),
    );
  }

  async list(limit: number): Promise<DeadLetter[]> {
    const failed = await Promise.all(
      [...this.queues].map(async ([name, queue]) => {
        const jobs = await queue.getFailed(0, limit - 1);
        return jobs.map((job) => letterOf(name, job));
      }),
    );
    return failed
      .flat()
      .sort((a, b) => b.failedAt.localeCompare(a.failedAt))
      .slice(0, limit);
  }

  async retry(queue: string, id: string): Promise<boolean> {
    const job = await this.find(queue, id);
    if (!job) return false;
    await job.retry('failed', { resetAttemptsMade: true, resetAttemptsStarted: true });
    return true;
  }

  async drop(queue: string, id: string): Promise<boolean> {
    const job = await this.find(queue, id);
    if (!job) return false;
    await job.remove();
    return true;
  }

  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }

  private async find(queue: string, id: string): Promise<Job | undefined> {
    const job = (await this.queues.get(queue)?.getJob(id)) as Job | undefined;
    return job && (await job.isFailed()) ? job : undefined;
  }
}

function letterOf(queue: string, job: Job): DeadLetter {
  const { subject } = (job.data ?? {}) as { subject?: unknown };
  return {
    queue,
    id: job.id ?? '',
    type: job.name,
    subject: typeof subject === 'string' ? subject : '',
    reason: job.failedReason,
    attempts: job.attemptsMade,
    failedAt: new Date(job.finishedOn ?? job.timestamp).toISOString(),
    body: job.data as unknown,
  };
}
