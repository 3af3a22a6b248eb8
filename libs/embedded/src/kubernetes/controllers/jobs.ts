import { at, numberAt, objectsAt, textAt, type JsonObject } from '../json.js';
import { now, type KubeObject } from '../objects.js';
import { isTrue, withConditions, type Condition } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { recordEvent, type Happening } from './event-recorder.js';
import { ownerKeys, podFrom } from './replica-sets.js';

export interface JobKinds {
  jobs: Kind;
  pods: Kind;
  events: Kind;
}

interface JobCounts {
  active: KubeObject[];
  succeeded: number;
  failed: number;
  ready: number;
}

interface Outcome {
  isComplete: boolean;
  conditions: Condition[];
  event: Happening;
}

const COMPLETIONS_REACHED = {
  status: 'True',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
} as const;
const COMPLETED: Outcome = {
  isComplete: true,
  conditions: [
    { type: 'SuccessCriteriaMet', ...COMPLETIONS_REACHED },
    { type: 'Complete', ...COMPLETIONS_REACHED },
  ],
  event: { type: 'Normal', reason: 'Completed', message: 'Job completed' },
};

export class JobController implements Controller {
  readonly name = 'job-controller';

  constructor(
    private readonly kinds: JobKinds,
    private readonly backoffMs: number,
  ) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.jobs.storage) return [keyOf(object)];
    return storage === this.kinds.pods.storage ? ownerKeys(object, 'Job') : [];
  }

  reconcile(key: string): number | undefined {
    const job = this.kinds.jobs.get(key);
    if (!job || job.metadata.deletionTimestamp) return undefined;
    if (isTrue(job, 'Complete') || isTrue(job, 'Failed')) return this.expire(job);
    const pods = this.kinds.pods.controlledBy(job);
    const counts = countPods(pods);
    const outcome = decideJob(job, pods, counts);
    if (outcome) return this.finish(job, counts, outcome);
    const isSuspended = at(job, 'spec', 'suspend') === true;
    const wait = isSuspended ? undefined : this.work(job, pods, counts);
    this.kinds.jobs.updateStatus(job, statusOf(job, countPods(this.kinds.pods.controlledBy(job)), isSuspended));
    return soonest(wait, untilDeadline(job));
  }

  /** Starts the pods that are missing; after a failure only when its back-off is over. */
  private work(job: KubeObject, pods: KubeObject[], counts: JobCounts): number | undefined {
    const completions = numberAt(job, 'spec', 'completions') ?? 1;
    const wanted = Math.min(numberAt(job, 'spec', 'parallelism') ?? 1, completions - counts.succeeded);
    if (counts.active.length >= wanted) return undefined;
    const wait = this.backoffLeft(pods, counts.failed);
    if (wait > 0) return wait;
    for (let count = counts.active.length; count < wanted; count += 1) {
      const pod = this.kinds.pods.create(job.metadata.namespace ?? '', podFrom(job));
      recordEvent(this.kinds.events, this.name, job, {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${pod.metadata.name}`,
      });
    }
    return undefined;
  }

  private backoffLeft(pods: KubeObject[], failed: number): number {
    if (failed === 0) return 0;
    const ends = pods.map((pod) =>
      Date.parse(textAt(objectsAt(pod, 'status', 'containerStatuses')[0], 'state', 'terminated', 'finishedAt') ?? ''),
    );
    const last = Math.max(...ends.filter((time) => !Number.isNaN(time)), 0);
    return last + this.backoffMs * 2 ** (failed - 1) - Date.now();
  }

  private finish(job: KubeObject, counts: JobCounts, outcome: Outcome): undefined {
    for (const pod of counts.active) this.kinds.pods.delete(pod);
    const failed = outcome.isComplete ? counts.failed : counts.failed + counts.active.length;
    const status = {
      ...statusOf(job, { ...counts, failed, active: [], ready: 0 }, false),
      conditions: withConditions(job, outcome.conditions).map((condition) => ({ lastProbeTime: now(), ...condition })),
      ...(outcome.isComplete && { completionTime: now() }),
    };
    this.kinds.jobs.updateStatus(job, status);
    recordEvent(this.kinds.events, this.name, job, outcome.event);
  }

  /** `ttlSecondsAfterFinished`. */
  private expire(job: KubeObject): number | undefined {
    const seconds = numberAt(job, 'spec', 'ttlSecondsAfterFinished');
    const end = objectsAt(job, 'status', 'conditions').find(
      (condition) => condition['type'] === 'Complete' || condition['type'] === 'Failed',
    );
    if (seconds === undefined || !end) return undefined;
    const left = Date.parse(textAt(end, 'lastTransitionTime') ?? '') + seconds * 1000 - Date.now();
    if (left > 0) return left;
    this.kinds.jobs.delete(job);
    return undefined;
  }
}

/** How a job has ended, or undefined while it has not. */
function decideJob(job: KubeObject, pods: KubeObject[], { succeeded, failed }: JobCounts): Outcome | undefined {
  if (succeeded >= (numberAt(job, 'spec', 'completions') ?? 1)) return COMPLETED;
  const limit = numberAt(job, 'spec', 'backoffLimit') ?? 6;
  const restarts = pods
    .flatMap((pod) => objectsAt(pod, 'status', 'containerStatuses'))
    .reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0);
  if (failed > limit || (restarts > 0 && restarts >= limit))
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  const left = untilDeadline(job);
  return left !== undefined && left <= 0
    ? failure('DeadlineExceeded', 'Job was active longer than specified deadline')
    : undefined;
}

function failure(reason: string, message: string): Outcome {
  const conditions: Condition[] = [
    { type: 'FailureTarget', status: 'True', reason, message },
    { type: 'Failed', status: 'True', reason, message },
  ];
  return { isComplete: false, conditions, event: { type: 'Warning', reason, message } };
}

function untilDeadline(job: KubeObject): number | undefined {
  const seconds = numberAt(job, 'spec', 'activeDeadlineSeconds');
  const start = textAt(job, 'status', 'startTime');
  return seconds === undefined || !start ? undefined : Date.parse(start) + seconds * 1000 - Date.now();
}

function countPods(pods: KubeObject[]): JobCounts {
  const inPhase = (phase: string): number => pods.filter((pod) => textAt(pod, 'status', 'phase') === phase).length;
  const active = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && ['Pending', 'Running'].includes(textAt(pod, 'status', 'phase') ?? ''),
  );
  return {
    active,
    succeeded: inPhase('Succeeded'),
    failed: inPhase('Failed'),
    ready: active.filter((pod) => isTrue(pod, 'Ready')).length,
  };
}

function statusOf(job: KubeObject, { active, succeeded, failed, ready }: JobCounts, isSuspended: boolean): JsonObject {
  const suspended: Condition[] = isSuspended
    ? [{ type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }]
    : [];
  const conditions = withConditions(job, suspended);
  return {
    ...(active.length > 0 && { active: active.length }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    ready,
    terminating: 0,
    ...(!isSuspended && { startTime: textAt(job, 'status', 'startTime') ?? now() }),
    uncountedTerminatedPods: {},
    ...(conditions.length > 0 && { conditions }),
  };
}

function soonest(...waits: (number | undefined)[]): number | undefined {
  const known = waits.filter((wait) => wait !== undefined);
  return known.length > 0 ? Math.max(0, Math.min(...known)) + 10 : undefined;
}
