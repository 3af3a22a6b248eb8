import { isPlainData } from '@shipit/contracts';
import type { Log, Secrets } from '@shipit/platform';
import { type Job, UnrecoverableError, WaitingError } from 'bullmq';
import type { MessageContext, MessageHandler } from './message-handler.js';
import { pathsOf } from './schema-paths.js';
import { TerminalError } from './terminal-error.js';

const maxReasonLength = 2_000;

export interface JobContext {
  /** By the job's name: an event's type. */
  handlerOf: (name: string) => MessageHandler | undefined;
  log: Log;
  secrets: Secrets;
  /** Aborted when the process stops. */
  stopping: AbortSignal;
}

/**
 * The rules of acknowledgement for our own queues: returns → done; TerminalError → dead letter now; anything else, also a
 * body that does not fit its schema (a newer version may be rolling out) → tried again, and a dead letter after the last attempt.
 * What is interrupted because the process stops goes back to the queue and costs no attempt.
 */
export async function handleJob(
  job: Job,
  token: string | undefined,
  lost: AbortSignal | undefined,
  { handlerOf, log: serviceLog, secrets, stopping }: JobContext,
): Promise<void> {
  const log = serviceLog.child(fieldsOf(job));
  const signal = AbortSignal.any(lost ? [stopping, lost] : [stopping]);
  try {
    // A worker that ends may still be given one more job.
    stopping.throwIfAborted();
    await handOver(job, handlerOf(job.name), { log, signal, attempt: job.attemptsMade + 1 });
  } catch (err) {
    if (!stopping.aborted) throw failureOf(err, job, { log, secrets });
    await job.moveToWait(token);
    throw new WaitingError();
  }
}

async function handOver(job: Job, handler: MessageHandler | undefined, context: MessageContext): Promise<void> {
  if (!handler) throw new Error(`This version has no handler for ${job.name}`);
  if (!isPlainData(job.data))
    throw new TerminalError('The message is nested too deeply or holds a key such as __proto__');
  const parsed = handler.schema.safeParse(job.data);
  if (!parsed.success) throw new Error(`The message does not fit its schema at ${pathsOf(parsed.error)}`);
  await handler.handle(parsed.data, context);
}

function failureOf(err: unknown, job: Job, { log, secrets }: { log: Log; secrets: Secrets }): Error {
  const reason = secrets.redact(err instanceof Error ? err.message : String(err)).slice(0, maxReasonLength);
  const attempt = job.attemptsMade + 1;
  if (err instanceof TerminalError || attempt >= (job.opts.attempts ?? 1)) {
    log.error({ err, attempt }, 'message dead-lettered');
    return new UnrecoverableError(reason);
  }
  log.warn({ err, attempt }, 'message will be tried again');
  return new Error(reason, { cause: err });
}

function fieldsOf(job: Job): object {
  const { id, subject, deployid, pushid, traceparent } = (job.data ?? {}) as Record<string, unknown>;
  const traceId = typeof traceparent === 'string' ? traceparent.split('-')[1] : undefined;
  return { messageId: id, type: job.name, subject, deployId: deployid, pushId: pushid, traceId };
}
