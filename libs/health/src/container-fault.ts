import { fieldAt, type KubernetesObject, listAt, numberAt, textAt } from './kubernetes-object.js';

/** What kind of thing went wrong: pods of two revisions "fail the same way" when these are equal. */
export type FaultFamily = 'image' | 'configuration' | 'crash';

export interface ContainerFault {
  family: FaultFamily;
  reason: 'ImageNotFound' | 'ImagePullFailed' | 'ContainerConfigurationFailed' | 'ContainerCrashing';
  pod: string;
  container: string;
  message: string;
  /** It will not heal by waiting a little. */
  isCertain: boolean;
  /** When it becomes certain if nothing changes until then. */
  certainAt?: Date;
}

export interface FaultContext {
  events: readonly KubernetesObject[];
  now: Date;
}

const pullReasons = [
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
  'ImageInspectError',
];
const configurationReasons = [
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'PreCreateHookError',
  'PreStartHookError',
];
/** Denials speak of images that "do not exist or need authorization": that may be a credential, so it is not a "not found". */
const notFound = /not ?found|manifest unknown|name unknown|no such image|does not exist/i;
const denied = /denied|unauthorized|authoriz|forbidden|no basic auth/i;

/** The kubelet pulls again 10 s after the first failure: what is not found then was looked for twice. */
const secondPullMs = 15_000;
const patienceMs = 120_000;
const restartsTolerated = 2;

/** The worst thing that happens to a pod's containers now, if any. */
export function faultOf(pod: KubernetesObject, context: FaultContext): ContainerFault | undefined {
  const ofInit = listAt(pod, 'status', 'initContainerStatuses').map((status) =>
    containerFault(pod, status, 'init', context),
  );
  const ofMain = listAt(pod, 'status', 'containerStatuses').map((status) =>
    containerFault(pod, status, 'main', context),
  );
  const faults = [...ofInit, ...ofMain].filter((fault) => fault !== undefined);
  return faults.find((fault) => fault.isCertain) ?? faults[0];
}

function containerFault(
  pod: KubernetesObject,
  status: unknown,
  role: 'init' | 'main',
  context: FaultContext,
): ContainerFault | undefined {
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  const message = textAt(status, 'state', 'waiting', 'message') || waiting;
  const where = { pod: pod.metadata.name, container: textAt(status, 'name'), message };
  const by = (ms: number) => deadline(waitingSince(pod, status, role) + ms, context.now);
  if (pullReasons.includes(waiting)) {
    const isAbsent = notFound.test(message) && !denied.test(message);
    if (!isAbsent) return { family: 'image', reason: 'ImagePullFailed', ...where, ...by(patienceMs) };
    const verdict = failedPulls(pod, context.events) >= 2 ? { isCertain: true } : by(secondPullMs);
    return { family: 'image', reason: 'ImageNotFound', ...where, ...verdict };
  }
  if (configurationReasons.includes(waiting)) {
    return { family: 'configuration', reason: 'ContainerConfigurationFailed', ...where, ...by(patienceMs) };
  }
  return crashFault(status, where);
}

/** Certain faults count restarts; a first crash is only noted, to compare with the old revision's pods. */
function crashFault(
  status: unknown,
  where: Pick<ContainerFault, 'pod' | 'container' | 'message'>,
): ContainerFault | undefined {
  const restarts = numberAt(status, 'restartCount') ?? 0;
  const exit =
    numberAt(status, 'state', 'terminated', 'exitCode') ?? numberAt(status, 'lastState', 'terminated', 'exitCode');
  const isCrashing =
    textAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff' ||
    (exit !== undefined && exit !== 0) ||
    restarts > restartsTolerated;
  if (!isCrashing || fieldAt(status, 'ready') === true) return undefined;
  const ended = exit === undefined ? '' : `, last with exit code ${exit}`;
  const message = `restarted ${restarts === 1 ? 'once' : `${restarts} times`}${ended}`;
  return { family: 'crash', reason: 'ContainerCrashing', ...where, message, isCertain: restarts > restartsTolerated };
}

function deadline(at: number, now: Date): { isCertain: boolean; certainAt?: Date } {
  return now.getTime() >= at ? { isCertain: true } : { isCertain: false, certainAt: new Date(at) };
}

/** Kubernetes does not say since when a container waits: not before its pod started, its init containers ended, or it last ran. */
function waitingSince(pod: KubernetesObject, status: unknown, role: 'init' | 'main'): number {
  const initialized = listAt(pod, 'status', 'conditions').find(
    (condition) => textAt(condition, 'type') === 'Initialized',
  );
  const times = [
    textAt(pod, 'metadata', 'creationTimestamp'),
    textAt(pod, 'status', 'startTime'),
    role === 'main' && textAt(initialized, 'status') === 'True' ? textAt(initialized, 'lastTransitionTime') : '',
    textAt(status, 'lastState', 'terminated', 'finishedAt'),
  ];
  return Math.max(0, ...times.map((time) => Date.parse(time)).filter((time) => !Number.isNaN(time)));
}

function failedPulls(pod: KubernetesObject, events: readonly KubernetesObject[]): number {
  return events
    .filter(
      (event) => textAt(event, 'reason') === 'Failed' && fieldAt(event, 'involvedObject', 'uid') === pod.metadata.uid,
    )
    .filter((event) => /failed to pull/i.test(textAt(event, 'message')) && notFound.test(textAt(event, 'message')))
    .reduce((sum, event) => sum + (numberAt(event, 'series', 'count') ?? numberAt(event, 'count') ?? 1), 0);
}
