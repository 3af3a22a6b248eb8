export {
  type ApplyOptions,
  type Capabilities,
  Cluster,
  type DeleteOptions,
  describeRef,
  type MergePatchOptions,
  type ObjectChange,
  type ObjectQuery,
  type ObjectRef,
  refOf,
} from './cluster.js';
export { ClusterError, type ClusterErrorReason, type FieldConflict, isClusterError } from './cluster-error.js';
export type { KubeConfigSource } from './kube-config.js';
export { KubernetesCluster, type KubernetesClusterOptions } from './kubernetes-cluster.js';
export type { KubernetesObject } from '@shipit/health';
