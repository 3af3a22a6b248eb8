import { builtInFields } from '../schema/built-in-fields.js';
import { builtInColumns } from '../tables/built-in-columns.js';
import type { ResourceType, Subresource } from './resource-type.js';

/** group/version plural Kind scope short,names [flags]: s status, c scale, l log, g generation, a listed by `kubectl get all`, v a review that is answered and not stored */
const TABLE = `
v1 namespaces Namespace Cluster ns sf
v1 nodes Node Cluster no s
v1 pods Pod Namespaced po sgal
v1 services Service Namespaced svc sa
v1 configmaps ConfigMap Namespaced cm -
v1 secrets Secret Namespaced - -
v1 serviceaccounts ServiceAccount Namespaced sa -
v1 events Event Namespaced ev -
v1 endpoints Endpoints Namespaced ep -
v1 persistentvolumeclaims PersistentVolumeClaim Namespaced pvc s
apps/v1 deployments Deployment Namespaced deploy scga
apps/v1 replicasets ReplicaSet Namespaced rs scga
apps/v1 statefulsets StatefulSet Namespaced sts scga
apps/v1 daemonsets DaemonSet Namespaced ds sga
apps/v1 controllerrevisions ControllerRevision Namespaced - -
batch/v1 jobs Job Namespaced - sga
batch/v1 cronjobs CronJob Namespaced cj sga
networking.k8s.io/v1 ingresses Ingress Namespaced ing sg
networking.k8s.io/v1 networkpolicies NetworkPolicy Namespaced netpol g
policy/v1 poddisruptionbudgets PodDisruptionBudget Namespaced pdb sg
autoscaling/v2 horizontalpodautoscalers HorizontalPodAutoscaler Namespaced hpa sa
discovery.k8s.io/v1 endpointslices EndpointSlice Namespaced - -
coordination.k8s.io/v1 leases Lease Namespaced - -
authorization.k8s.io/v1 selfsubjectaccessreviews SelfSubjectAccessReview Cluster - v
authorization.k8s.io/v1 subjectaccessreviews SubjectAccessReview Cluster - v
rbac.authorization.k8s.io/v1 roles Role Namespaced - -
rbac.authorization.k8s.io/v1 rolebindings RoleBinding Namespaced - -
rbac.authorization.k8s.io/v1 clusterroles ClusterRole Cluster - -
rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding Cluster - -
apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition Cluster crd,crds sg
`;

const SUBRESOURCES: Record<string, Subresource> = { s: 'status', c: 'scale', l: 'log', f: 'finalize' };

export const BUILT_IN_RESOURCES: readonly ResourceType[] = TABLE.trim().split('\n').map(parseRow);

function parseRow(row: string): ResourceType {
  const [groupVersion, plural, kind, scope, shortNames, flags] = row.split(' ') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const [version = '', group = ''] = groupVersion.split('/').reverse();
  return {
    group,
    version,
    kind,
    plural,
    singular: kind.toLowerCase(),
    namespaced: scope === 'Namespaced',
    shortNames: shortNames === '-' ? [] : shortNames.split(','),
    categories: flags.includes('a') ? ['all'] : [],
    subresources: Object.entries(SUBRESOURCES).flatMap(([flag, name]) => (flags.includes(flag) ? [name] : [])),
    isReview: flags.includes('v'),
    hasGeneration: flags.includes('g'),
    fields: builtInFields(kind),
    columns: builtInColumns(kind),
  };
}
