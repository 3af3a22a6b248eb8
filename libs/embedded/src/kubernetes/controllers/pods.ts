import { objectAt, objectsAt, textAt } from '../json.js';
import type { KubeObject } from '../objects.js';
import { withConditions } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { recordEvent } from './event-recorder.js';
import { nextStage, type PodTimings } from './pod-stages.js';

export interface PodKinds {
  pods: Kind;
  nodes: Kind;
  events: Kind;
}

/** Scheduler and kubelet in one: gives pods a node, lets them fare as their image says, and ends those that are deleted. */
export class PodController implements Controller {
  readonly name = 'kubelet';
  private readonly memory = new Map<string, { mark: string; since: number }>();

  constructor(
    private readonly kinds: PodKinds,
    private readonly timings: PodTimings,
  ) {}

  keysOf(change: { storage: string; object: KubeObject }): string[] {
    return change.storage === this.kinds.pods.storage ? [keyOf(change.object)] : [];
  }

  reconcile(key: string): number | undefined {
    const pod = this.kinds.pods.get(key);
    if (!pod) {
      this.memory.delete(key);
      return undefined;
    }
    if (pod.metadata.deletionTimestamp) return this.stop(pod);
    return textAt(pod, 'spec', 'nodeName') ? this.advance(pod) : this.schedule(pod);
  }

  private advance(pod: KubeObject): number | undefined {
    const stage = nextStage(pod, this.timings);
    if (!stage) return undefined;
    const left = this.since(pod, stateOf(pod)) + stage.afterMs - Date.now();
    if (left > 0) return left;
    this.kinds.pods.updateStatus(pod, stage.status());
    for (const event of stage.events) recordEvent(this.kinds.events, 'kubelet', pod, event);
    return undefined;
  }

  /** When the pod came into the state that it is in. */
  private since(pod: KubeObject, state: string): number {
    const key = keyOf(pod);
    const before = this.memory.get(key);
    const mark = `${pod.metadata.uid} ${state}`;
    if (before?.mark === mark) return before.since;
    const since = Date.now();
    this.memory.set(key, { mark, since });
    return since;
  }

  private schedule(pod: KubeObject): number | undefined {
    const load = new Map(this.kinds.nodes.list().map((node) => [node.metadata.name, 0]));
    for (const other of this.kinds.pods.list()) {
      const name = textAt(other, 'spec', 'nodeName') ?? '';
      load.set(name, (load.get(name) ?? 0) + 1);
    }
    const nodes = this.kinds.nodes.list().map(({ metadata }) => metadata.name);
    const node = nodes.sort((left, right) => (load.get(left) ?? 0) - (load.get(right) ?? 0))[0];
    if (!node) return undefined;
    const scheduled = this.kinds.pods.update(pod, { spec: { ...objectAt(pod, 'spec'), nodeName: node } });
    const conditions = withConditions(scheduled, [{ type: 'PodScheduled', status: 'True' }]);
    this.kinds.pods.updateStatus(scheduled, { ...objectAt(scheduled, 'status'), conditions });
    const message = `Successfully assigned ${keyOf(pod)} to ${node}`;
    recordEvent(this.kinds.events, 'default-scheduler', pod, { type: 'Normal', reason: 'Scheduled', message });
    return undefined;
  }

  private stop(pod: KubeObject): number | undefined {
    const since = this.since(pod, 'stopping');
    const left = since + this.timings.podStopMs - Date.now();
    if (left > 0) return left;
    if ((pod.metadata.finalizers ?? []).length > 0) {
      if (pod.metadata['deletionGracePeriodSeconds'] !== 0)
        this.kinds.pods.mark(pod, { deletionGracePeriodSeconds: 0 });
      return undefined;
    }
    this.kinds.pods.drop(pod);
    return undefined;
  }
}

function stateOf(pod: KubeObject): string {
  const statuses = objectsAt(pod, 'status', 'containerStatuses');
  return JSON.stringify(statuses.map((status) => [status['state'], status['restartCount'], status['ready']]));
}
