import { invalidValue, type Cause } from '../api-error.js';
import { at, objectAt, objectsAt, sameJson, textAt, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';

type Check = (object: KubeObject, live: KubeObject) => Cause[];

/** What may not change once an object exists. */
export function checkImmutable(object: KubeObject, live: KubeObject): Cause[] {
  return CHECKS[object.kind]?.(object, live) ?? [];
}

const CHECKS: Record<string, Check> = {
  Deployment: fixed('spec.selector'),
  ReplicaSet: fixed('spec.selector'),
  DaemonSet: fixed('spec.selector'),
  Job: fixed('spec.selector', 'spec.template', 'spec.completionMode', 'spec.completions'),
  StatefulSet: checkStatefulSet,
  ConfigMap: checkFrozen,
  Secret: (object, live) => [...fixed('type')(object, live), ...checkFrozen(object, live)],
  Service: (object, live) =>
    textAt(live, 'spec', 'clusterIP') && textAt(object, 'spec', 'clusterIP')
      ? fixed('spec.clusterIP')(object, live)
      : [],
  Pod: checkPod,
  RoleBinding: fixedRole,
  ClusterRoleBinding: fixedRole,
};

function fixed(...fields: string[]): Check {
  return (object, live) =>
    fields.flatMap((field) => {
      const path = field.split('.');
      return sameJson(at(object, ...path), at(live, ...path))
        ? []
        : [invalidValue(field, at(object, ...path), 'field is immutable')];
    });
}

function fixedRole(object: KubeObject, live: KubeObject): Cause[] {
  return sameJson(object['roleRef'], live['roleRef'])
    ? []
    : [invalidValue('roleRef', object['roleRef'], 'cannot change roleRef')];
}

function checkFrozen(object: KubeObject, live: KubeObject): Cause[] {
  if (live['immutable'] !== true) return [];
  const frozen = (field: string): Cause => ({
    reason: 'FieldValueForbidden',
    message: 'Forbidden: field is immutable when `immutable` is set',
    field,
  });
  const fields = ['immutable', 'data', 'binaryData'].filter((field) => !sameJson(object[field], live[field]));
  return fields.map(frozen);
}

function checkStatefulSet(object: KubeObject, live: KubeObject): Cause[] {
  const mayChange = [
    'replicas',
    'ordinals',
    'template',
    'updateStrategy',
    'revisionHistoryLimit',
    'persistentVolumeClaimRetentionPolicy',
    'minReadySeconds',
  ];
  const rest = (spec: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(spec).filter(([name]) => !mayChange.includes(name)));
  if (sameJson(rest(objectAt(object, 'spec')), rest(objectAt(live, 'spec')))) return [];
  const list =
    "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [
    {
      reason: 'FieldValueForbidden',
      message: `Forbidden: updates to statefulset spec for fields other than ${list} are forbidden`,
      field: 'spec',
    },
  ];
}

/** Of a pod that exists only images may change (and what the scheduler sets). */
function checkPod(object: KubeObject, live: KubeObject): Cause[] {
  const rest = (pod: KubeObject): JsonObject => {
    const {
      nodeName: _node,
      activeDeadlineSeconds: _deadline,
      tolerations: _tolerations,
      ...spec
    } = objectAt(pod, 'spec');
    const withoutImages = (name: string): Json =>
      objectsAt(spec, name).map((container) => ({ ...container, image: '' }));
    return { ...spec, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') };
  };
  if (sameJson(rest(object), rest(live))) return [];
  const message =
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
}
