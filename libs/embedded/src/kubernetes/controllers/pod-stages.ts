import { at, objectAt, objectsAt, textAt, type JsonObject } from '../json.js';
import { now, type KubeObject } from '../objects.js';
import type { Happening } from './event-recorder.js';
import { delayOf, podMode, type PodMode } from './pod-mode.js';
import { podStatusWith, restartsOf } from './pod-status-parts.js';

export interface PodTimings {
  /** From scheduled to running and ready. */
  podReadyMs: number;
  /** From a failed pull or a crash to its back-off. */
  podFailureMs: number;
  /** From an image pull back-off to the next attempt. */
  pullRetryMs: number;
  /** From a crash-loop back-off to the next start. */
  crashRetryMs: number;
  /** How long images tagged `slow` take. */
  slowReadyMs: number;
  /** How long a pod that runs to completion runs. */
  podCompleteMs: number;
  /** How long a pod takes to stop. */
  podStopMs: number;
}

/** What happens to a pod next, and after how long. */
export interface PodStage {
  afterMs: number;
  status: () => JsonObject;
  events: Happening[];
}

type Stage = (pod: KubeObject, timings: PodTimings) => PodStage | undefined;

/** Decides the next stage of a pod that has a node, from its status alone. */
export function nextStage(pod: KubeObject, timings: PodTimings): PodStage | undefined {
  if (['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '')) return undefined;
  return STAGES[podMode(pod)](pod, timings);
}

const STAGES: Record<PodMode, Stage> = {
  ok: (pod, timings) =>
    isCreating(pod) ? start(pod, delayOf(pod, 'sim/ready-delay') ?? timings.podReadyMs) : afterStart(pod, timings),
  slow: (pod, timings) => {
    if (isCreating(pod)) return run(pod, { afterMs: timings.podReadyMs, isReady: false, events: startEvents(pod) });
    if (isReady(pod)) return afterStart(pod, timings);
    return run(pod, { afterMs: delayOf(pod, 'sim/ready-delay') ?? timings.slowReadyMs, isReady: true, events: [] });
  },
  notready: (pod, timings) =>
    isCreating(pod)
      ? run(pod, { afterMs: timings.podReadyMs, isReady: false, events: [...startEvents(pod), PROBE_FAILED] })
      : undefined,
  bad: (pod, timings) => failToPull(pod, timings, NOT_FOUND),
  heals: (pod, timings) => {
    if (isRunning(pod)) return afterStart(pod, timings);
    const attempt = Number(/attempt (\d+)$/.exec(waitingMessage(pod))?.[1] ?? 0);
    const isBackingOff = waitingFor(pod) === 'ImagePullBackOff';
    if (isBackingOff && attempt >= 3) return start(pod, pullBackoff(pod, timings));
    return failToPull(pod, timings, `${UNREACHABLE}, attempt ${attempt + 1}`);
  },
  crash: (pod, timings) => crash(pod, timings),
  flaky: (pod, timings) => {
    if (isRunning(pod)) return afterStart(pod, timings);
    // The kubelet starts a container that failed for the first time again without back-off.
    const hasFailed = at(firstStatus(pod), 'state', 'terminated') !== undefined;
    const mayRestart = textAt(pod, 'spec', 'restartPolicy') !== 'Never';
    return hasFailed && mayRestart ? start(pod, timings.crashRetryMs / 2, 1) : crash(pod, timings);
  },
};

/** What a registry answers that does not have the image, and what is said of one that does not answer. */
const NOT_FOUND =
  'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": failed to resolve reference "{image}": not found';
const UNREACHABLE = 'failed to pull image "{image}": dial tcp 192.0.2.1:443: i/o timeout';
const PROBE_FAILED: Happening = {
  type: 'Warning',
  reason: 'Unhealthy',
  message: 'Readiness probe failed: HTTP probe failed with statuscode: 503',
};

function start(pod: KubeObject, afterMs: number, restartCount = 0): PodStage {
  return run(pod, { afterMs, isReady: true, events: startEvents(pod), restartCount });
}

interface Run {
  afterMs: number;
  isReady: boolean;
  events: Happening[];
  restartCount?: number;
}

function run(pod: KubeObject, { afterMs, isReady, events, restartCount = 0 }: Run): PodStage {
  const running = at(firstStatus(pod), 'state', 'running');
  const lastState = restartCount > 0 ? objectAt(firstStatus(pod), 'lastState') : {};
  const status = (): JsonObject =>
    podStatusWith(pod, 'Running', {
      state: { running: running ?? { startedAt: now() } },
      isReady,
      isStarted: true,
      restartCount,
      isPulled: true,
      lastState,
    });
  return { afterMs, status, events };
}

/** A pod that may end does so; any other keeps running. */
function afterStart(pod: KubeObject, timings: PodTimings): PodStage | undefined {
  if (textAt(pod, 'spec', 'restartPolicy') === 'Always' || !isReady(pod)) return undefined;
  const startedAt = textAt(firstStatus(pod), 'state', 'running', 'startedAt') ?? now();
  const status = (): JsonObject =>
    podStatusWith(pod, 'Succeeded', {
      state: { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: now() } },
      isReady: false,
      isStarted: false,
      restartCount: restartsOf(pod),
      isPulled: true,
    });
  return { afterMs: delayOf(pod, 'sim/complete-delay') ?? timings.podCompleteMs, status, events: [] };
}

function failToPull(pod: KubeObject, timings: PodTimings, why: string): PodStage {
  const isBackingOff = waitingFor(pod) === 'ErrImagePull';
  const image = textAt(objectsAt(pod, 'spec', 'containers')[0], 'image') ?? '';
  const waiting = isBackingOff
    ? { reason: 'ImagePullBackOff', message: `Back-off pulling image "{image}": ErrImagePull: ${waitingMessage(pod)}` }
    : { reason: 'ErrImagePull', message: why };
  const events: Happening[] = isBackingOff
    ? [
        { type: 'Normal', reason: 'BackOff', message: `Back-off pulling image "${image}"` },
        failed('Error: ImagePullBackOff'),
      ]
    : [
        pulling(image),
        failed(`Failed to pull image "${image}": ${why.replaceAll('{image}', image)}`),
        failed('Error: ErrImagePull'),
      ];
  const again = isCreating(pod) ? timings.podReadyMs : pullBackoff(pod, timings);
  const fate = { state: { waiting }, isReady: false, isStarted: false, restartCount: 0, isPulled: false };
  return {
    afterMs: isBackingOff ? timings.podFailureMs : again,
    status: () => podStatusWith(pod, 'Pending', fate),
    events,
  };
}

function pullBackoff(pod: KubeObject, timings: PodTimings): number {
  return delayOf(pod, 'sim/pull-backoff') ?? timings.pullRetryMs;
}

function crash(pod: KubeObject, timings: PodTimings): PodStage | undefined {
  const terminated = at(firstStatus(pod), 'state', 'terminated');
  if (terminated === undefined)
    return exit(
      pod,
      isCreating(pod) ? timings.podReadyMs : (delayOf(pod, 'sim/crash-backoff') ?? timings.crashRetryMs),
    );
  const base = { isReady: false, isStarted: false, restartCount: restartsOf(pod), isPulled: true };
  if (textAt(pod, 'spec', 'restartPolicy') === 'Never') {
    return { afterMs: 0, status: () => podStatusWith(pod, 'Failed', { ...base, state: { terminated } }), events: [] };
  }
  const message = `back-off 10s restarting failed container={name} pod=${pod.metadata.name}_${pod.metadata.namespace ?? ''}(${pod.metadata.uid})`;
  const status = (): JsonObject =>
    podStatusWith(pod, 'Running', {
      ...base,
      state: { waiting: { reason: 'CrashLoopBackOff', message } },
      lastState: { terminated },
    });
  const name = String(objectsAt(pod, 'spec', 'containers')[0]?.['name']);
  return {
    afterMs: timings.podFailureMs,
    status,
    events: [{ type: 'Warning', reason: 'BackOff', message: message.replace('{name}', name) }],
  };
}

function exit(pod: KubeObject, afterMs: number): PodStage {
  const restartCount = isCreating(pod) ? 0 : restartsOf(pod) + 1;
  const status = (): JsonObject => {
    const terminated = { exitCode: 1, reason: 'Error', startedAt: now(), finishedAt: now() };
    return podStatusWith(pod, 'Running', {
      state: { terminated },
      isReady: false,
      isStarted: false,
      restartCount,
      isPulled: true,
      lastState: objectAt(firstStatus(pod), 'lastState'),
    });
  };
  return { afterMs, status, events: startEvents(pod) };
}

function startEvents(pod: KubeObject): Happening[] {
  return objectsAt(pod, 'spec', 'containers').flatMap((container): Happening[] => {
    const [name, image] = [textAt(container, 'name') ?? '', textAt(container, 'image') ?? ''];
    return [
      pulling(image),
      { type: 'Normal', reason: 'Pulled', message: `Successfully pulled image "${image}"` },
      { type: 'Normal', reason: 'Created', message: `Container created` },
      { type: 'Normal', reason: 'Started', message: `Container ${name} started` },
    ];
  });
}

function pulling(image: string): Happening {
  return { type: 'Normal', reason: 'Pulling', message: `Pulling image "${image}"` };
}

function failed(message: string): Happening {
  return { type: 'Warning', reason: 'Failed', message };
}

function firstStatus(pod: KubeObject): JsonObject | undefined {
  return objectsAt(pod, 'status', 'containerStatuses')[0];
}

function waitingFor(pod: KubeObject): string | undefined {
  return textAt(firstStatus(pod), 'state', 'waiting', 'reason');
}

function waitingMessage(pod: KubeObject): string {
  return textAt(firstStatus(pod), 'state', 'waiting', 'message') ?? '';
}

function isCreating(pod: KubeObject): boolean {
  return !firstStatus(pod) || waitingFor(pod) === 'ContainerCreating';
}

function isRunning(pod: KubeObject): boolean {
  return at(firstStatus(pod), 'state', 'running') !== undefined;
}

function isReady(pod: KubeObject): boolean {
  return firstStatus(pod)?.['ready'] === true;
}
