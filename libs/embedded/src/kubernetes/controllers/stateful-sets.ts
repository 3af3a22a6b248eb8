import { numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../json.js';
import { ownedBy, type KubeObject } from '../objects.js';
import { isTrue } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { recordEvent } from './event-recorder.js';
import { isAvailable, ownerKeys } from './replica-sets.js';
import { currentRevision, REVISION_LABEL, revisionOfPod, templateOf } from './revisions.js';

export interface StatefulSetKinds {
  statefulSets: Kind;
  revisions: Kind;
  pods: Kind;
  claims: Kind;
  events: Kind;
}

interface Revisions {
  update: KubeObject;
  current: KubeObject;
}

export class StatefulSetController implements Controller {
  readonly name = 'statefulset-controller';

  constructor(private readonly kinds: StatefulSetKinds) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.statefulSets.storage) return [keyOf(object)];
    return storage === this.kinds.pods.storage ? ownerKeys(object, 'StatefulSet') : [];
  }

  reconcile(key: string): number | undefined {
    const set = this.kinds.statefulSets.get(key);
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const update = currentRevision(this.kinds.revisions, set);
    const current =
      this.kinds.revisions
        .controlledBy(set)
        .find((revision) => revision.metadata.name === textAt(set, 'status', 'currentRevision')) ?? update;
    const revisions = { update, current };
    if (this.fill(set, revisions) && this.shrink(set)) this.replaceOld(set, revisions);
    this.kinds.statefulSets.updateStatus(set, statusOf(set, this.podsOf(set), revisions));
    return undefined;
  }

  /** Creates what is missing, in order; whether all are there (and, where order matters, ready). */
  private fill(set: KubeObject, revisions: Revisions): boolean {
    const isOrdered = textAt(set, 'spec', 'podManagementPolicy') !== 'Parallel';
    const pods = this.podsOf(set);
    const onCurrent = pods.filter((pod) => revisionOfPod(pod) === revisions.current.metadata.name).length;
    for (let ordinal = 0; ordinal < replicasOf(set); ordinal += 1) {
      const pod = pods.find((candidate) => ordinalOf(candidate) === ordinal);
      if (pod && hasEnded(pod)) this.kinds.pods.delete(pod);
      else if (!pod)
        this.createPod(
          set,
          ordinal,
          ordinal < Math.max(partitionOf(set), onCurrent) ? revisions.current : revisions.update,
        );
      if (isOrdered && !(pod && isHealthy(pod))) return false;
    }
    return true;
  }

  /** Takes what is too much away, the last first; whether nothing is. */
  private shrink(set: KubeObject): boolean {
    const surplus = this.podsOf(set).filter((pod) => ordinalOf(pod) >= replicasOf(set));
    const last = surplus.sort(byOrdinal).at(-1);
    if (last && !last.metadata.deletionTimestamp) this.kinds.pods.delete(last);
    return last === undefined;
  }

  /** Deletes the last pod that is not of the wanted revision, once all behind it are healthy. */
  private replaceOld(set: KubeObject, { update }: Revisions): void {
    if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
    const mayGo = this.podsOf(set).filter((pod) => ordinalOf(pod) >= partitionOf(set));
    for (const pod of mayGo.sort(byOrdinal).reverse()) {
      const isOld = revisionOfPod(pod) !== update.metadata.name;
      if (isOld && !pod.metadata.deletionTimestamp) this.kinds.pods.delete(pod);
      if (isOld || !isHealthy(pod)) return;
    }
  }

  private createPod(set: KubeObject, ordinal: number, revision: KubeObject): void {
    const { name, namespace = '' } = set.metadata;
    const podName = `${name}-${ordinal}`;
    const template = templateOf(revision);
    const claims = objectsAt(set, 'spec', 'volumeClaimTemplates');
    for (const claim of claims)
      this.createClaim(
        namespace,
        `${claimName(claim)}-${podName}`,
        claim,
        objectAt(set, 'spec', 'selector', 'matchLabels'),
      );
    const volumes = claims.map((claim) => ({
      name: claimName(claim),
      persistentVolumeClaim: { claimName: `${claimName(claim)}-${podName}` },
    }));
    const spec = objectAt(template, 'spec');
    const labels = {
      ...objectAt(template, 'metadata', 'labels'),
      [REVISION_LABEL]: revision.metadata.name,
      'statefulset.kubernetes.io/pod-name': podName,
      'apps.kubernetes.io/pod-index': String(ordinal),
    };
    this.kinds.pods.create(namespace, {
      metadata: { ...objectAt(template, 'metadata'), name: podName, labels, ownerReferences: [ownedBy(set)] },
      spec: {
        ...spec,
        hostname: podName,
        subdomain: textAt(set, 'spec', 'serviceName'),
        ...(volumes.length > 0 && { volumes: [...volumes, ...objectsAt(spec, 'volumes')] }),
      },
    });
    recordEvent(this.kinds.events, this.name, set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `create Pod ${podName} in StatefulSet ${name} successful`,
    });
  }

  private createClaim(namespace: string, name: string, template: JsonObject, labels: JsonObject): void {
    if (this.kinds.claims.get(`${namespace}/${name}`)) return;
    this.kinds.claims.create(namespace, {
      metadata: { ...objectAt(template, 'metadata'), name, labels },
      spec: objectAt(template, 'spec'),
    });
  }

  private podsOf(set: KubeObject): KubeObject[] {
    return this.kinds.pods.controlledBy(set);
  }
}

function statusOf(set: KubeObject, pods: KubeObject[], { update, current }: Revisions): JsonObject {
  const least = numberAt(set, 'spec', 'minReadySeconds') ?? 0;
  const count = (test: (pod: KubeObject) => boolean): number =>
    pods.filter((pod) => !pod.metadata.deletionTimestamp && test(pod)).length;
  const updated = count((pod) => revisionOfPod(pod) === update.metadata.name);
  const ready = count((pod) => isTrue(pod, 'Ready'));
  const replicas = pods.filter((pod) => !hasEnded(pod)).length;
  const isDone = updated === replicasOf(set) && ready === replicasOf(set) && partitionOf(set) === 0;
  const now = isDone ? update : current;
  return {
    observedGeneration: set.metadata.generation,
    replicas,
    readyReplicas: ready,
    availableReplicas: count((pod) => isAvailable(pod, least)),
    currentReplicas: count((pod) => revisionOfPod(pod) === now.metadata.name),
    updatedReplicas: updated,
    currentRevision: now.metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: 0,
  };
}

function replicasOf(set: KubeObject): number {
  return numberAt(set, 'spec', 'replicas') ?? 1;
}

function partitionOf(set: KubeObject): number {
  return numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
}

function ordinalOf(pod: KubeObject): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}

function byOrdinal(left: KubeObject, right: KubeObject): number {
  return ordinalOf(left) - ordinalOf(right);
}

function claimName(template: JsonObject): string {
  return textAt(template, 'metadata', 'name') ?? '';
}

function isHealthy(pod: KubeObject): boolean {
  return !pod.metadata.deletionTimestamp && isTrue(pod, 'Ready');
}

function hasEnded(pod: KubeObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase') ?? '');
}
