type Scope = 'Namespaced' | 'Cluster';

const namespaced: Record<string, string[]> = {
  v1: [
    'ConfigMap',
    'Endpoints',
    'Event',
    'PersistentVolumeClaim',
    'Pod',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'apps/v1': ['ControllerRevision', 'DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'batch/v1': ['CronJob', 'Job'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['Role', 'RoleBinding'],
  'shipit.dev/v1beta1': ['HelmRelease'],
};

const clusterScoped: Record<string, string[]> = {
  v1: ['Namespace', 'Node', 'PersistentVolume'],
  'apiextensions.k8s.io/v1': ['CustomResourceDefinition'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding'],
  'storage.k8s.io/v1': ['StorageClass'],
};

/** What an in-memory cluster serves without any definition, by `apps/v1/Deployment`. */
export const servedByDefault: ReadonlyMap<string, Scope> = new Map([
  ...kindsOf(namespaced, 'Namespaced'),
  ...kindsOf(clusterScoped, 'Cluster'),
]);

function kindsOf(byVersion: Record<string, string[]>, scope: Scope): [string, Scope][] {
  return Object.entries(byVersion).flatMap(([version, kinds]) =>
    kinds.map((kind): [string, Scope] => [`${version}/${kind}`, scope]),
  );
}
