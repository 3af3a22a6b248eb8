import { invalidValue, requiredValue, type Cause } from '../api-error.js';
import { at, isObject, objectAt, objectsAt, textAt, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';
import { matchesLabels } from '../api/label-selector.js';
import { checkLabels } from './metadata.js';
import { checkImmutable } from './immutable-fields.js';
import { checkSchema } from './open-api-schema.js';

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
    const repeated = {
      reason: 'FieldValueDuplicate',
      message: `Duplicate value: ${JSON.stringify(container['name'])}`,
      field: `${path}.name`,
    };
    return [...(isRepeated ? [repeated] : []), ...checkContainer(container, path, volumes)];
  });
}

function checkContainer(container: JsonObject, path: string, volumes: Set<Json>): Cause[] {
  const mounts = objectsAt(container, 'volumeMounts').flatMap((mount, index) =>
    volumes.has(mount['name']) ? [] : [notThere(`${path}.volumeMounts[${index}].name`, mount['name'])],
  );
  const missing = ['name', 'image']
    .filter((name) => !textAt(container, name))
    .map((name) => requiredValue(`${path}.${name}`));
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
  const isPortless =
    textAt(service, 'spec', 'type') === 'ExternalName' || textAt(service, 'spec', 'clusterIP') === 'None';
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
    const rule =
      "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
    return [invalidValue(`data[${key}]`, key, rule)];
  });
}
