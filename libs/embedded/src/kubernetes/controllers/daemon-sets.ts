import { at, numberAt, objectAt, textAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { isTrue } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { recordEvent } from './event-recorder.js';
import { isActivePod, isAvailable, ownerKeys, podFrom } from './replica-sets.js';
import { currentRevision, REVISION_LABEL, revisionOfPod } from './revisions.js';
import { share } from './rollout.js';

export interface DaemonSetKinds {
  daemonSets: Kind;
  revisions: Kind;
  nodes: Kind;
  pods: Kind;
  events: Kind;
}

/** One pod on every node whose labels the template selects. */
export class DaemonSetController implements Controller {
  readonly name = 'daemonset-controller';

  constructor(private readonly kinds: DaemonSetKinds) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.daemonSets.storage) return [keyOf(object)];
    return storage === this.kinds.pods.storage ? ownerKeys(object, 'DaemonSet') : [];
  }

  reconcile(key: string): number | undefined {
    const set = this.kinds.daemonSets.get(key);
    if (!set || set.metadata.deletionTimestamp) return undefined;
    const revision = textAt(currentRevision(this.kinds.revisions, set), 'metadata', 'labels', REVISION_LABEL) ?? '';
    const nodes = this.kinds.nodes
      .list()
      .filter((node) => isWanted(set, node))
      .map((node) => node.metadata.name);
    const pods = this.kinds.pods.controlledBy(set);
    for (const pod of pods) if (!isActivePod(pod) || !nodes.includes(nodeOf(pod))) this.end(pod);
    for (const node of nodes) if (!pods.some((pod) => nodeOf(pod) === node)) this.createPod(set, node, revision);
    this.replaceOld(set, pods.filter(isActivePod), { revision, nodes: nodes.length });
    const after = this.kinds.pods.controlledBy(set).filter(isActivePod);
    this.kinds.daemonSets.updateStatus(set, statusOf(set, after, { revision, nodes: nodes.length }));
    return undefined;
  }

  /** Takes old pods away: those that do not work at once, others as far as `maxUnavailable` allows. */
  private replaceOld(set: KubeObject, pods: KubeObject[], { revision, nodes }: Wanted): void {
    if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return;
    const limit = Math.max(
      1,
      share(at(set, 'spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable') ?? 1, nodes, Math.ceil),
    );
    const old = pods.filter((pod) => revisionOfPod(pod) !== revision);
    const broken = old.filter((pod) => !isTrue(pod, 'Ready'));
    const unavailable = nodes - pods.filter((pod) => isTrue(pod, 'Ready')).length;
    const working = old.filter((pod) => isTrue(pod, 'Ready')).slice(0, Math.max(0, limit - unavailable));
    for (const pod of [...broken, ...working]) this.end(pod);
  }

  private createPod(set: KubeObject, node: string, revision: string): void {
    const body = podFrom(set);
    const labels = {
      ...objectAt(body, 'metadata', 'labels'),
      [REVISION_LABEL]: revision,
      'pod-template-generation': String(set.metadata.generation ?? 1),
    };
    const pod = this.kinds.pods.create(set.metadata.namespace ?? '', {
      metadata: { ...objectAt(body, 'metadata'), labels },
      spec: { ...objectAt(body, 'spec'), nodeName: node },
    });
    recordEvent(this.kinds.events, this.name, set, {
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${pod.metadata.name}`,
    });
  }

  private end(pod: KubeObject): void {
    if (!pod.metadata.deletionTimestamp) this.kinds.pods.delete(pod);
  }
}

interface Wanted {
  revision: string;
  nodes: number;
}

function statusOf(set: KubeObject, pods: KubeObject[], { revision, nodes }: Wanted): JsonObject {
  const least = numberAt(set, 'spec', 'minReadySeconds') ?? 0;
  const available = pods.filter((pod) => isAvailable(pod, least)).length;
  return {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: nodes,
    numberReady: pods.filter((pod) => isTrue(pod, 'Ready')).length,
    observedGeneration: set.metadata.generation,
    updatedNumberScheduled: pods.filter((pod) => revisionOfPod(pod) === revision).length,
    ...(available > 0 && { numberAvailable: available }),
    ...(nodes > available && { numberUnavailable: nodes - available }),
  };
}

function isWanted(set: KubeObject, node: KubeObject): boolean {
  const selector = Object.entries(objectAt(set, 'spec', 'template', 'spec', 'nodeSelector'));
  return selector.every(([key, value]) => node.metadata.labels?.[key] === value);
}

function nodeOf(pod: KubeObject): string {
  return textAt(pod, 'spec', 'nodeName') ?? '';
}
