import { current, failed, type Health, inProgress } from './health.js';
import { conditionOf, conditionsOf, fieldAt, type KubernetesObject, numberAt, textAt } from './kubernetes-object.js';

/** A step that is not reached yet: [is it so, reason, what is waited for]. */
type Step = readonly [waiting: boolean, reason: string, message: string];

function firstStep(steps: readonly Step[], done: Health): Health {
  const step = steps.find(([waiting]) => waiting);
  return step ? inProgress(step[1], step[2]) : done;
}

const noDeadline = 2 ** 31 - 1;

export function deploymentHealth(object: KubernetesObject): Health {
  const progressing = conditionOf(object, 'Progressing');
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    return failed(
      'ProgressDeadlineExceeded',
      progressing.message || 'the rollout made no progress within its deadline',
    );
  }
  const { wanted, total, updated, ready, available } = replicasOf(object);
  const deadline = numberAt(object, 'spec', 'progressDeadlineSeconds');
  const hasNewReplicaSet =
    deadline === undefined ||
    deadline === noDeadline ||
    (progressing?.status === 'True' && progressing.reason === 'NewReplicaSetAvailable');
  return firstStep(
    [
      [total < wanted, 'LessReplicas', `${total} of ${wanted} pods exist`],
      [updated < wanted, 'LessUpdated', `${updated} of ${wanted} pods are of the new revision`],
      [total > wanted, 'ExtraPods', `${total - wanted} pods are still to go`],
      [available < updated, 'LessAvailable', `${available} of ${updated} pods are available`],
      [ready < wanted, 'LessReady', `${ready} of ${wanted} pods are ready`],
      [!hasNewReplicaSet, 'ReplicaSetNotAvailable', 'the new replica set is not available'],
      [
        conditionOf(object, 'Available')?.status !== 'True',
        'DeploymentNotAvailable',
        'the deployment is not available',
      ],
    ],
    current(`${ready} of ${wanted} pods are ready`),
  );
}

export function statefulSetHealth(object: KubernetesObject): Health {
  if (updateStrategyOf(object) === 'OnDelete') return current('pods are replaced when they are deleted');
  const { wanted, total, updated, ready } = replicasOf(object);
  const partition = numberAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'partition');
  const below: Step[] = [
    [total < wanted, 'LessReplicas', `${total} of ${wanted} pods exist`],
    [ready < wanted, 'LessReady', `${ready} of ${wanted} pods are ready`],
    [total > wanted, 'ExtraPods', `${total - wanted} pods are still to go`],
  ];
  if (partition !== undefined && partition > 0) {
    const due = Math.max(0, wanted - partition);
    const rolling: Step = [updated < due, 'PartitionRollout', `${updated} of ${due} pods are of the new revision`];
    return firstStep([...below, rolling], current(`${updated} pods are of the new revision, up to the partition`));
  }
  const present = numberAt(object, 'status', 'currentReplicas') ?? 0;
  const from = textAt(object, 'status', 'currentRevision');
  const to = textAt(object, 'status', 'updateRevision');
  return firstStep(
    [
      ...below,
      [from !== to, 'RollingUpdate', `${updated} of ${wanted} pods are of the new revision`],
      [present < wanted, 'LessCurrent', `${present} of ${wanted} pods are of the current revision`],
    ],
    current(`${ready} of ${wanted} pods are ready`),
  );
}

export function daemonSetHealth(object: KubernetesObject): Health {
  const wanted = numberAt(object, 'status', 'desiredNumberScheduled');
  if (numberAt(object, 'status', 'observedGeneration') === undefined) {
    return inProgress('NoObservedGeneration', 'the daemon set has not been looked at yet');
  }
  if (wanted === undefined) return inProgress('NoDesiredNumber', 'the number of nodes is not known yet');
  const count = (field: string) => numberAt(object, 'status', field) ?? 0;
  const scheduled = count('currentNumberScheduled');
  const updated = count('updatedNumberScheduled');
  const available = count('numberAvailable');
  const ready = count('numberReady');
  const byHand = updateStrategyOf(object) === 'OnDelete';
  return firstStep(
    [
      [scheduled < wanted, 'LessCurrent', `${scheduled} of ${wanted} pods exist`],
      [!byHand && updated < wanted, 'LessUpdated', `${updated} of ${wanted} pods are of the new revision`],
      [available < wanted, 'LessAvailable', `${available} of ${wanted} pods are available`],
      [ready < wanted, 'LessReady', `${ready} of ${wanted} pods are ready`],
    ],
    current(`${ready} of ${wanted} pods are ready`),
  );
}

export function replicaSetHealth(object: KubernetesObject): Health {
  const failure = conditionsOf(object).find(({ type, status }) => type === 'ReplicaFailure' && status === 'True');
  if (failure) return inProgress('ReplicaFailure', failure.message || 'pods cannot be created');
  const { wanted, total, ready, available } = replicasOf(object);
  const labelled = numberAt(object, 'status', 'fullyLabeledReplicas') ?? 0;
  return firstStep(
    [
      [labelled < wanted, 'LessLabelled', `${labelled} of ${wanted} pods exist`],
      [available < wanted, 'LessAvailable', `${available} of ${wanted} pods are available`],
      [ready < wanted, 'LessReady', `${ready} of ${wanted} pods are ready`],
      [total > wanted, 'ExtraPods', `${total - wanted} pods are still to go`],
    ],
    current(`${ready} of ${wanted} pods are ready`),
  );
}

function replicasOf(object: KubernetesObject) {
  const count = (field: string) => numberAt(object, 'status', field) ?? 0;
  return {
    wanted: numberAt(object, 'spec', 'replicas') ?? 1,
    total: count('replicas'),
    updated: count('updatedReplicas'),
    ready: count('readyReplicas'),
    available: count('availableReplicas'),
  };
}

function updateStrategyOf(object: KubernetesObject): string {
  return String(fieldAt(object, 'spec', 'updateStrategy', 'type') ?? 'RollingUpdate');
}
