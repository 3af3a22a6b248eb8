import { invalidValue, requiredValue, type Cause } from '../api-error.js';
import { at, isObject, objectAt, objectsAt, sameJson, textAt, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';
import { matchesLabels } from '../api/label-selector.js';
import { checkLabels } from './metadata.js';
import { checkSchema } from './open-api-schema.js';

const IMMUTABLE = 'field is immutable';
const TEMPLATED = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet'];

/** What the API server refuses for a kind, beyond names and field types. */
export function validateObject(type: ResourceType, object: KubeObject, live: KubeObject | undefined): Cause[] {
  if (type.custom) return checkSchema(type.custom.schema, object, '');
  const causes = [...checkTemplates(object), ...(CHECKS[object.kind]?.(object) ?? [])];
  return live ? [...causes, ...checkImmutable(object, live)] : causes;
}

const CHECKS: Record<string, (object: KubeObject) => Cause[]> = {
  Pod: (pod) => checkPodSpec(objectAt(pod, 'spec'), 'spec'),
  Service: checkService,
  ConfigMap: checkDataKeys,
  Secret: checkDataKeys,
  Job: (job) => checkRestartPolicy(objectAt(job, 'spec', 'template'), 'spec.template'),
};

function checkTemplates(object: KubeObject): Cause[] {
  if (![...TEMPLATED, 'Job'].includes(object.kind)) return [];
  const template = objectAt(object, 'spec', 'template');
  const causes = [
    ...checkLabels(objectAt(template, 'metadata', 'labels'), 'spec.template.labels'),
    ...checkPodSpec(objectAt(template, 'spec'), 'spec.template.spec'),
    ...checkReplicas(at(object, 'spec', 'replicas')),
  ];
  return TEMPLATED.includes(object.kind) ? [...checkSelector(object), ...causes] : causes;
}

function checkSelector(object: KubeObject): Cause[] {
  const selector = at(object, 'spec', 'selector');
  if (!isObject(selector)) return [requiredValue('spec.selector')];
  const labels = objectAt(object, 'spec', 'template', 'metadata', 'labels');
  if (matchesLabels(selector, labels)) return [];
  return [invalidValue('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function checkReplicas(replicas: Json): Cause[] {
  if (typeof replicas !== 'number' || replicas >= 0) return [];
  return [invalidValue('spec.replicas', replicas, 'must be greater than or equal to 0')];
}

function checkPodSpec(spec: JsonObject, field: string): Cause[] {
  const containers = objectsAt(spec, 'containers');
  if (containers.length === 0) return [requiredValue(`${field}.containers`)];
  const volumes = new Set(objectsAt(spec, 'volumes').map((volume) => volume['name']));
  const names = new Set<Json>();
  return containers.flatMap((container, index) => {
    const path = `${field}.containers[${index}]`;
    const isRepeated = names.has(container['name']);
    names.add(container['name']);
    const repeated = { reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(container['name'])}`, field: `${path}.name` };
    return [...(isRepeated ? [repeated] : []), ...checkContainer(container, path, volumes)];
  });
}

function checkContainer(container: JsonObject, path: string, volumes: Set<Json>): Cause[] {
  const mounts = objectsAt(container, 'volumeMounts').flatMap((mount, index) =>
    volumes.has(mount['name']) ? [] : [notThere(`${path}.volumeMounts[${index}].name`, mount['name'])],
  );
  const missing = ['name', 'image'].filter((name) => !textAt(container, name)).map((name) => requiredValue(`${path}.${name}`));
  return [...missing, ...mounts];
}

function notThere(field: string, value: Json): Cause {
  return { reason: 'FieldValueNotFound', message: `Not found: ${JSON.stringify(value)}`, field };
}

function checkRestartPolicy(template: JsonObject, field: string): Cause[] {
  const policy = textAt(template, 'spec', 'restartPolicy');
  if (policy === 'OnFailure' || policy === 'Never') return [];
  const message = `Required value: valid values: "OnFailure", "Never"`;
  return [{ reason: 'FieldValueRequired', message, field: `${field}.spec.restartPolicy` }];
}

function checkService(service: KubeObject): Cause[] {
  const ports = objectsAt(service, 'spec', 'ports');
  const isPortless = textAt(service, 'spec', 'type') === 'ExternalName' || textAt(service, 'spec', 'clusterIP') === 'None';
  if (ports.length === 0) return isPortless ? [] : [requiredValue('spec.ports')];
  return ports.flatMap((port, index) => {
    const name = ports.length > 1 && !textAt(port, 'name') ? [requiredValue(`spec.ports[${index}].name`)] : [];
    return [...name, ...checkPort(port['port'], `spec.ports[${index}].port`)];
  });
}

function checkPort(port: Json, field: string): Cause[] {
  const isPort = typeof port === 'number' && port >= 1 && port <= 65535;
  return isPort ? [] : [invalidValue(field, port, 'must be between 1 and 65535, inclusive')];
}

function checkDataKeys(object: KubeObject): Cause[] {
  return Object.keys(objectAt(object, 'data')).flatMap((key) => {
    if (/^[-._a-zA-Z0-9]+$/.test(key)) return [];
    const rule = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    return [invalidValue(`data[${key}]`, key, rule)];
  });
}

function checkImmutable(object: KubeObject, live: KubeObject): Cause[] {
  const changed = (...path: string[]): boolean => !sameJson(at(object, ...path), at(live, ...path));
  const refuse = (...path: string[]): Cause[] =>
    changed(...path) ? [invalidValue(path.join('.'), at(object, ...path), IMMUTABLE)] : [];
  switch (object.kind) {
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
      return refuse('spec', 'selector');
    case 'Job':
      return ['selector', 'template', 'completionMode', 'completions'].flatMap((name) => refuse('spec', name));
    case 'StatefulSet':
      return checkStatefulSet(object, live);
    case 'ConfigMap':
    case 'Secret':
      return checkFrozen(object, live, refuse);
    case 'Service':
      return textAt(live, 'spec', 'clusterIP') && textAt(object, 'spec', 'clusterIP') ? refuse('spec', 'clusterIP') : [];
    case 'Pod':
      return checkPod(object, live);
    case 'RoleBinding':
    case 'ClusterRoleBinding':
      return changed('roleRef') ? [invalidValue('roleRef', at(object, 'roleRef'), 'cannot change roleRef')] : [];
    default:
      return [];
  }
}

function checkFrozen(object: KubeObject, live: KubeObject, refuse: (path: string) => Cause[]): Cause[] {
  const type = object.kind === 'Secret' ? refuse('type') : [];
  if (live['immutable'] !== true) return type;
  const frozen = (field: string): Cause => ({ reason: 'FieldValueForbidden', message: 'Forbidden: field is immutable when `immutable` is set', field });
  const fields = ['immutable', 'data', 'binaryData'].filter((field) => !sameJson(object[field], live[field]));
  return [...type, ...fields.map(frozen)];
}

function checkStatefulSet(object: KubeObject, live: KubeObject): Cause[] {
  const mayChange = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds'];
  const fixed = (spec: JsonObject): JsonObject => Object.fromEntries(Object.entries(spec).filter(([name]) => !mayChange.includes(name)));
  if (sameJson(fixed(objectAt(object, 'spec')), fixed(objectAt(live, 'spec')))) return [];
  const list = "'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds'";
  return [{ reason: 'FieldValueForbidden', message: `Forbidden: updates to statefulset spec for fields other than ${list} are forbidden`, field: 'spec' }];
}

/** Of a pod that exists only images may change (and what the scheduler sets). */
function checkPod(object: KubeObject, live: KubeObject): Cause[] {
  const fixed = (pod: KubeObject): JsonObject => {
    const { nodeName: _node, activeDeadlineSeconds: _deadline, tolerations: _tolerations, ...spec } = objectAt(pod, 'spec');
    const withoutImages = (name: string): Json => objectsAt(spec, name).map((container) => ({ ...container, image: '' }));
    return { ...spec, containers: withoutImages('containers'), initContainers: withoutImages('initContainers') };
  };
  if (sameJson(fixed(object), fixed(live))) return [];
  const message =
    'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)';
  return [{ reason: 'FieldValueForbidden', message, field: 'spec' }];
}
