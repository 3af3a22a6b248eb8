import { numberAt, objectsAt, sameJson, textAt, without, type JsonObject } from '../json.js';
import { now, type KubeObject } from '../objects.js';
import { conditionOf, withConditions, type Condition } from './conditions.js';
import { rolloutLimits } from './rollout.js';

/** The status of a deployment from its replica sets, with what its conditions must then say. */
export function deploymentStatus(deployment: KubeObject, fresh: KubeObject | undefined, all: KubeObject[]): JsonObject {
  const counts = countsOf(deployment, fresh, all);
  const conditions = [availability(deployment, counts), ...progress(deployment, fresh, counts)];
  return {
    ...Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)),
    observedGeneration: deployment.metadata.generation,
    conditions: [...dated(deployment, conditions), ...replicaFailures(all)],
  };
}

/** Seconds until the progress deadline passes; undefined when nothing is awaited. */
export function secondsToDeadline(deployment: KubeObject): number | undefined {
  const progressing = conditionOf(deployment, 'Progressing');
  const deadline = numberAt(deployment, 'spec', 'progressDeadlineSeconds');
  if (
    !progressing ||
    deadline === undefined ||
    ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded'].includes(textAt(progressing, 'reason') ?? '')
  )
    return undefined;
  return (Date.parse(textAt(progressing, 'lastUpdateTime') ?? '') - Date.now()) / 1000 + deadline;
}

type Counts = Record<
  'replicas' | 'updatedReplicas' | 'readyReplicas' | 'availableReplicas' | 'unavailableReplicas',
  number
>;

function countsOf(deployment: KubeObject, fresh: KubeObject | undefined, all: KubeObject[]): Counts {
  const sum = (field: string): number => all.reduce((total, set) => total + (numberAt(set, 'status', field) ?? 0), 0);
  const wanted = all.reduce((total, set) => total + (numberAt(set, 'spec', 'replicas') ?? 0), 0);
  return {
    replicas: sum('replicas'),
    updatedReplicas: numberAt(fresh, 'status', 'replicas') ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(
      0,
      Math.max(wanted, numberAt(deployment, 'spec', 'replicas') ?? 1) - sum('availableReplicas'),
    ),
  };
}

function availability(deployment: KubeObject, counts: Counts): Condition {
  const { replicas, maxUnavailable } = rolloutLimits(deployment);
  const isEnough = counts.availableReplicas >= replicas - maxUnavailable;
  return isEnough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progress(deployment: KubeObject, fresh: KubeObject | undefined, counts: Counts): Condition[] {
  const live = conditionOf(deployment, 'Progressing');
  const set = `"${fresh?.metadata.name ?? ''}"`;
  const tell = (status: 'True' | 'False', reason: string, message: string): Condition[] => [
    { type: 'Progressing', status, reason, message },
  ];
  if (isComplete(deployment, counts))
    return tell('True', 'NewReplicaSetAvailable', `ReplicaSet ${set} has successfully progressed.`);
  if (!live || isNewRollout(live, set)) return tell('True', 'NewReplicaSetCreated', `Created new replica set ${set}`);
  if (hasMoved(deployment, counts)) return tell('True', 'ReplicaSetUpdated', `ReplicaSet ${set} is progressing.`);
  const left = secondsToDeadline(deployment);
  if (left !== undefined && left <= 0)
    return tell('False', 'ProgressDeadlineExceeded', `ReplicaSet ${set} has timed out progressing.`);
  return [live as JsonObject & Condition];
}

/** What the condition says is about another replica set: the template changed since. */
function isNewRollout(live: JsonObject, set: string): boolean {
  return !(textAt(live, 'message') ?? '').includes(set);
}

function isComplete(deployment: KubeObject, counts: Counts): boolean {
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1;
  return counts.updatedReplicas === wanted && counts.replicas === wanted && counts.availableReplicas === wanted;
}

function hasMoved(deployment: KubeObject, counts: Counts): boolean {
  const before = (field: string): number => numberAt(deployment, 'status', field) ?? 0;
  const oldNow = counts.replicas - counts.updatedReplicas;
  const oldBefore = before('replicas') - before('updatedReplicas');
  return (
    counts.updatedReplicas > before('updatedReplicas') ||
    oldNow < oldBefore ||
    counts.readyReplicas > before('readyReplicas') ||
    counts.availableReplicas > before('availableReplicas')
  );
}

/** `lastUpdateTime` moves with every word, and for progress with every step. */
function dated(deployment: KubeObject, conditions: Condition[]): JsonObject[] {
  const kept = {
    ...deployment,
    status: {
      conditions: objectsAt(deployment, 'status', 'conditions').filter((item) => item['type'] !== 'ReplicaFailure'),
    },
  };
  return withConditions(kept, conditions).map((condition): JsonObject => {
    const before = conditionOf(deployment, String(condition['type']));
    const isSame =
      before &&
      sameJson(
        without(before, 'lastUpdateTime', 'lastTransitionTime'),
        without(condition, 'lastUpdateTime', 'lastTransitionTime'),
      );
    return {
      ...condition,
      lastUpdateTime:
        isSame && condition['reason'] !== 'ReplicaSetUpdated'
          ? before['lastUpdateTime']
          : (condition['lastUpdateTime'] ?? now()),
    };
  });
}

function replicaFailures(all: KubeObject[]): JsonObject[] {
  const failure = all.map((set) => conditionOf(set, 'ReplicaFailure')).find((condition) => condition !== undefined);
  return failure ? [{ ...failure, lastUpdateTime: failure['lastTransitionTime'] }] : [];
}
