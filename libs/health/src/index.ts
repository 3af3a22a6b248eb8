export { assessHealth } from './assess-health.js';
export { assessRollout, type Rollout, type RolloutHealth } from './assess-rollout.js';
export type { ContainerFault, FaultFamily } from './container-fault.js';
export { type Health, type HealthOptions, type HealthStatus, healthStatuses } from './health.js';
export {
  conditionOf,
  conditionsOf,
  fieldAt,
  groupOf,
  isOwnedBy,
  type KubernetesObject,
  listAt,
  numberAt,
  type ObjectCondition,
  type ObjectMetadata,
  type OwnerReference,
  textAt,
} from './kubernetes-object.js';
export { podsByRevision, type RevisionPods } from './revision-pods.js';
