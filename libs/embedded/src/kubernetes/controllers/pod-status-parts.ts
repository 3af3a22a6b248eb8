import { createHash } from 'node:crypto';

import { numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../json.js';
import { now, type KubeObject } from '../objects.js';
import { withConditions, type Condition } from './conditions.js';

export interface ContainerFate {
  state: JsonObject;
  isReady: boolean;
  isStarted: boolean;
  restartCount: number;
  isPulled: boolean;
  lastState?: JsonObject;
}

/** A pod's status with every container in the same state. */
export function podStatusWith(pod: KubeObject, phase: string, fate: ContainerFate): JsonObject {
  const address = textAt(pod, 'status', 'podIP') ?? (fate.isPulled ? podAddress(pod) : undefined);
  return {
    ...objectAt(pod, 'status'),
    observedGeneration: pod.metadata.generation,
    phase,
    conditions: withConditions(pod, podConditions(pod, phase, fate.isReady), {
      observedGeneration: pod.metadata.generation,
    }),
    hostIP: '10.1.0.1',
    hostIPs: [{ ip: '10.1.0.1' }],
    ...(address !== undefined && { podIP: address, podIPs: [{ ip: address }] }),
    startTime: textAt(pod, 'status', 'startTime') ?? now(),
    ...initStatuses(pod, fate),
    containerStatuses: objectsAt(pod, 'spec', 'containers').map((container) => containerStatus(pod, container, fate)),
  };
}

export function imageId(image: string): string {
  const pinned = /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
  return `docker.io/${image.replace(/@.*$/, '')}@${pinned ?? `sha256:${sha256(image)}`}`;
}

function containerStatus(pod: KubeObject, container: JsonObject, fate: ContainerFate): JsonObject {
  const [name, image] = [textAt(container, 'name') ?? '', textAt(container, 'image') ?? ''];
  const waiting = objectAt(fate.state, 'waiting');
  const state = textAt(waiting, 'message')
    ? {
        waiting: {
          ...waiting,
          message: (textAt(waiting, 'message') ?? '').replaceAll('{image}', image).replaceAll('{name}', name),
        },
      }
    : fate.state;
  return {
    name,
    image,
    imageID: fate.isPulled ? imageId(image) : '',
    ...(fate.isPulled && { containerID: `containerd://${sha256(`${pod.metadata.uid}/${name}/${fate.restartCount}`)}` }),
    ready: fate.isReady,
    started: fate.isStarted,
    restartCount: fate.restartCount,
    state,
    lastState: fate.lastState ?? {},
  };
}

function initStatuses(pod: KubeObject, fate: ContainerFate): JsonObject {
  const containers = objectsAt(pod, 'spec', 'initContainers');
  if (containers.length === 0 || !fate.isPulled) return {};
  const statuses = containers.map((container) => ({
    name: container['name'],
    image: container['image'],
    imageID: imageId(textAt(container, 'image') ?? ''),
    ready: true,
    restartCount: 0,
    state: { terminated: { exitCode: 0, reason: 'Completed', startedAt: now(), finishedAt: now() } },
    lastState: {},
  }));
  return { initContainerStatuses: statuses };
}

function podConditions(pod: KubeObject, phase: string, isReady: boolean): Condition[] {
  const names = objectsAt(pod, 'spec', 'containers').map((container) => String(container['name']));
  const done = phase === 'Succeeded' || phase === 'Failed';
  const why =
    phase === 'Succeeded'
      ? { reason: 'PodCompleted' }
      : phase === 'Failed'
        ? { reason: 'PodFailed' }
        : { reason: 'ContainersNotReady', message: `containers with unready status: [${names.join(' ')}]` };
  const ready = { status: isReady && !done ? 'True' : 'False', ...(!isReady && why) } as const;
  return [
    { type: 'PodScheduled', status: 'True' },
    { type: 'PodReadyToStartContainers', status: done ? 'False' : 'True' },
    { type: 'Initialized', status: 'True', ...(phase === 'Succeeded' && { reason: 'PodCompleted' }) },
    { type: 'Ready', ...ready },
    { type: 'ContainersReady', ...ready },
  ];
}

function podAddress(pod: KubeObject): string {
  const bytes = createHash('sha256').update(pod.metadata.uid).digest();
  return `10.244.${bytes[0] ?? 0}.${((bytes[1] ?? 0) % 254) + 1}`;
}

export function restartsOf(pod: KubeObject): number {
  return numberAt(objectsAt(pod, 'status', 'containerStatuses')[0], 'restartCount') ?? 0;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
