import { numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../json.js';
import { controllerOf, ownedBy, type KubeObject } from '../objects.js';
import { conditionOf, isTrue, withConditions } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { recordEvent } from './event-recorder.js';

export interface ReplicaSetKinds {
  replicaSets: Kind;
  pods: Kind;
  events: Kind;
}

export class ReplicaSetController implements Controller {
  readonly name = 'replicaset-controller';

  constructor(private readonly kinds: ReplicaSetKinds) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.replicaSets.storage) return [keyOf(object)];
    return storage === this.kinds.pods.storage ? ownerKeys(object, 'ReplicaSet') : [];
  }

  reconcile(key: string): number | undefined {
    const set = this.kinds.replicaSets.get(key);
    if (!set) return undefined;
    const pods = this.kinds.pods.controlledBy(set).filter(isActivePod);
    const failure = set.metadata.deletionTimestamp ? undefined : this.scale(set, pods);
    const after = this.kinds.pods.controlledBy(set).filter(isActivePod);
    this.kinds.replicaSets.updateStatus(set, statusOf(set, after, failure));
    return failure === undefined ? nextAvailability(set, after) : 1000;
  }

  /** Returns why a pod could not be created. */
  private scale(set: KubeObject, pods: KubeObject[]): string | undefined {
    const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
    for (const pod of [...pods].sort(byWorth).slice(0, Math.max(0, pods.length - wanted))) {
      this.kinds.pods.delete(pod);
      this.tell(set, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`);
    }
    try {
      for (let count = pods.length; count < wanted; count += 1) {
        const pod = this.kinds.pods.create(set.metadata.namespace ?? '', podFrom(set));
        this.tell(set, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`);
      }
      return undefined;
    } catch (error) {
      this.tell(set, 'Warning', 'FailedCreate', `Error creating: ${(error as Error).message}`);
      return (error as Error).message;
    }
  }

  private tell(set: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void {
    recordEvent(this.kinds.events, this.name, set, { type, reason, message });
  }
}

/** The key of the controller of an object, where that is of the kind. */
export function ownerKeys(object: KubeObject, kind: string): string[] {
  const owner = controllerOf(object);
  return owner?.kind === kind ? [`${object.metadata.namespace ?? ''}/${owner.name}`] : [];
}

export function isActivePod(pod: KubeObject): boolean {
  return !pod.metadata.deletionTimestamp && !['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
}

/** A pod after the template of its owner. */
export function podFrom(owner: KubeObject): JsonObject {
  const template = objectAt(owner, 'spec', 'template');
  const { labels, annotations, finalizers } = objectAt(template, 'metadata');
  const metadata = {
    generateName: `${owner.metadata.name}-`,
    labels,
    annotations,
    finalizers,
    ownerReferences: [ownedBy(owner)],
  };
  return { metadata, spec: objectAt(template, 'spec') };
}

/** Since when a pod is available: ready for `minReadySeconds`. */
export function availableAt(pod: KubeObject, minReadySeconds: number): number | undefined {
  if (!isTrue(pod, 'Ready')) return undefined;
  const since = Date.parse(textAt(conditionOf(pod, 'Ready'), 'lastTransitionTime') ?? '');
  return since + minReadySeconds * 1000;
}

export function isAvailable(pod: KubeObject, minReadySeconds: number): boolean {
  const time = availableAt(pod, minReadySeconds);
  return time !== undefined && time <= Date.now();
}

/** In how many milliseconds the next ready pod becomes available. */
function nextAvailability(set: KubeObject, pods: KubeObject[]): number | undefined {
  const least = numberAt(set, 'spec', 'minReadySeconds') ?? 0;
  const times = pods.map((pod) => availableAt(pod, least)).filter((time) => time !== undefined && time > Date.now());
  return times.length > 0 ? Math.min(...times.map(Number)) - Date.now() + 10 : undefined;
}

/** Pods to go first come first: not ready before ready, young before old. */
function byWorth(left: KubeObject, right: KubeObject): number {
  const ready = Number(isTrue(left, 'Ready')) - Number(isTrue(right, 'Ready'));
  return ready !== 0 ? ready : Number(right.metadata.resourceVersion) - Number(left.metadata.resourceVersion);
}

function statusOf(set: KubeObject, pods: KubeObject[], failure: string | undefined): JsonObject {
  const least = numberAt(set, 'spec', 'minReadySeconds') ?? 0;
  const ready = pods.filter((pod) => isTrue(pod, 'Ready')).length;
  const available = pods.filter((pod) => isAvailable(pod, least)).length;
  const kept = objectsAt(set, 'status', 'conditions').filter((condition) => condition['type'] !== 'ReplicaFailure');
  const conditions =
    failure === undefined
      ? kept
      : withConditions(set, [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: failure }]);
  return {
    replicas: pods.length,
    ...(pods.length > 0 && { fullyLabeledReplicas: pods.length }),
    ...(ready > 0 && { readyReplicas: ready }),
    ...(available > 0 && { availableReplicas: available }),
    observedGeneration: set.metadata.generation,
    ...(conditions.length > 0 && { conditions }),
  };
}
