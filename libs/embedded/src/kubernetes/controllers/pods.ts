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
  /** When a pod came into the state it is in, and how often its image did not come. */
  private readonly memory = new Map<string, { state: string; since: number; pullFailures: number }>();

  constructor(
    private readonly kinds: PodKinds,
    private readonly timings: PodTimings,
  ) {}

  keysOf(change: { storage: string; object: KubeObject }): string[] {
    return change.storage === this.kinds.pods.storage ? [keyOf(change.object)] : [];
  }

  reconcile(key: string): number | undefined {
    const pod = this.kinds.pods.get(key);
    if (!pod) return undefined;
    if (pod.metadata.deletionTimestamp) return this.stop(pod);
    return textAt(pod, 'spec', 'nodeName') ? this.advance(pod) : this.schedule(pod);
  }

  private advance(pod: KubeObject): number | undefined {
    const memory = this.remember(pod);
    const stage = nextStage(pod, this.timings, memory.pullFailures);
    if (!stage) return undefined;
    const left = memory.since + stage.afterMs - Date.now();
    if (left > 0) return left;
    this.kinds.pods.updateStatus(pod, stage.status());
    for (const event of stage.events) recordEvent(this.kinds.events, 'kubelet', pod, event);
    return undefined;
  }

  private remember(pod: KubeObject): { since: number; pullFailures: number } {
    const state = JSON.stringify(
      objectsAt(pod, 'status', 'containerStatuses').map((status) => [
        status['state'],
        status['restartCount'],
        status['ready'],
      ]),
    );
    const before = this.memory.get(pod.metadata.uid);
    if (before?.state === state) return before;
    const isFailure = state.includes('"ErrImagePull"');
    const memory = { state, since: Date.now(), pullFailures: (before?.pullFailures ?? 0) + (isFailure ? 1 : 0) };
    this.memory.set(pod.metadata.uid, memory);
    return memory;
  }

  private schedule(pod: KubeObject): number | undefined {
    const load = (node: string): number =>
      this.kinds.pods.list().filter((other) => textAt(other, 'spec', 'nodeName') === node).length;
    const nodes = this.kinds.nodes.list().map((node) => ({ name: node.metadata.name, load: load(node.metadata.name) }));
    const node = nodes.sort((left, right) => left.load - right.load)[0];
    if (!node) return undefined;
    const scheduled = this.kinds.pods.update(pod, { spec: { ...objectAt(pod, 'spec'), nodeName: node.name } });
    const conditions = withConditions(scheduled, [{ type: 'PodScheduled', status: 'True' }]);
    this.kinds.pods.updateStatus(scheduled, { ...objectAt(scheduled, 'status'), conditions });
    const message = `Successfully assigned ${keyOf(pod)} to ${node.name}`;
    recordEvent(this.kinds.events, 'default-scheduler', pod, { type: 'Normal', reason: 'Scheduled', message });
    return undefined;
  }

  private stop(pod: KubeObject): number | undefined {
    const since = this.memory.get(`${pod.metadata.uid} stop`)?.since ?? Date.now();
    this.memory.set(`${pod.metadata.uid} stop`, { state: '', since, pullFailures: 0 });
    const left = since + this.timings.podStopMs - Date.now();
    if (left > 0) return left;
    if ((pod.metadata.finalizers ?? []).length > 0) {
      if (pod.metadata['deletionGracePeriodSeconds'] !== 0)
        this.kinds.pods.mark(pod, { deletionGracePeriodSeconds: 0 });
      return undefined;
    }
    this.memory.delete(pod.metadata.uid);
    this.memory.delete(`${pod.metadata.uid} stop`);
    this.kinds.pods.drop(pod);
    return undefined;
  }
}
