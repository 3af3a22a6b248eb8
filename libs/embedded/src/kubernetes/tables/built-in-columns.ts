import { at, numberAt, objectAt, objectsAt, textAt, textsAt, type Json } from '../json.js';
import type { KubeObject } from '../objects.js';
import {
  addresses,
  bindingRole,
  completions,
  endpoints,
  externalAddress,
  jobDuration,
  jobStatus,
  nodeStatus,
  readyContainers,
  restarts,
  servicePorts,
} from './cells.js';
import type { Column } from './column.js';
import { age } from './duration.js';
import { podStatus } from './pod-status.js';

type Cell = (object: KubeObject) => Json;

export const NAME = column('Name', (object) => object.metadata.name);
const AGE = column('Age', (object) => age(object.metadata.creationTimestamp));

/** The columns that kubectl shows for a kind. */
export function builtInColumns(kind: string): Column[] {
  return kind === 'Event' ? (COLUMNS[kind] ?? []) : [NAME, ...(COLUMNS[kind] ?? [AGE])];
}

export function column(name: string, cell: Cell, priority = 0, type = 'string'): Column {
  return { name, type, format: name === 'Name' ? 'name' : '', priority, description: name, cell };
}

const number = (name: string, ...path: string[]): Column =>
  column(name, (object) => numberAt(object, ...path) ?? 0, 0, 'integer');
const text = (name: string, ...path: string[]): Column => column(name, (object) => textAt(object, ...path) ?? '<none>');
const wide = (name: string, cell: Cell): Column => column(name, cell, 1);
const containers = (object: KubeObject): string =>
  objectsAt(object, 'spec', 'template', 'spec', 'containers')
    .map((item) => textAt(item, 'name'))
    .join(',');
const images = (object: KubeObject): string =>
  objectsAt(object, 'spec', 'template', 'spec', 'containers')
    .map((item) => textAt(item, 'image'))
    .join(',');
const labels = (map: Json): string => {
  const pairs = Object.entries(objectAt(map)).map(([key, value]) => `${key}=${String(value)}`);
  return pairs.length > 0 ? pairs.join(',') : '<none>';
};
const ready = (object: KubeObject): string =>
  `${numberAt(object, 'status', 'readyReplicas') ?? 0}/${numberAt(object, 'spec', 'replicas') ?? 0}`;
const workload = [
  wide('Containers', containers),
  wide('Images', images),
  wide('Selector', (object) => labels(at(object, 'spec', 'selector', 'matchLabels'))),
];
const size = (object: KubeObject): number => Object.keys(objectAt(object, 'data')).length;

const NODE_WIDE = [
  wide(
    'Internal-IP',
    (node) =>
      textAt(
        objectsAt(node, 'status', 'addresses').find((item) => item['type'] === 'InternalIP'),
        'address',
      ) ?? '<none>',
  ),
  wide('External-IP', () => '<none>'),
  wide('OS-Image', (node) => textAt(node, 'status', 'nodeInfo', 'osImage') ?? '<unknown>'),
  wide('Kernel-Version', (node) => textAt(node, 'status', 'nodeInfo', 'kernelVersion') ?? '<unknown>'),
  wide('Container-Runtime', (node) => textAt(node, 'status', 'nodeInfo', 'containerRuntimeVersion') ?? '<unknown>'),
];
const subjects = (name: string, kind: string): Column =>
  wide(name, (binding) =>
    objectsAt(binding, 'subjects')
      .filter((item) => item['kind'] === kind)
      .map((item) => [item['namespace'], item['name']].filter(Boolean).join('/'))
      .join(', '),
  );
const BINDING = [
  column('Role', bindingRole),
  AGE,
  subjects('Users', 'User'),
  subjects('Groups', 'Group'),
  subjects('ServiceAccounts', 'ServiceAccount'),
];

const COLUMNS: Record<string, Column[]> = {
  Pod: [
    column('Ready', (pod) => `${readyContainers(pod)}/${objectsAt(pod, 'spec', 'containers').length}`),
    column('Status', podStatus),
    column('Restarts', restarts),
    AGE,
    wide('IP', (pod) => textAt(pod, 'status', 'podIP') ?? '<none>'),
    wide('Node', (pod) => textAt(pod, 'spec', 'nodeName') ?? '<none>'),
    wide('Nominated Node', (pod) => textAt(pod, 'status', 'nominatedNodeName') ?? '<none>'),
    wide('Readiness Gates', () => '<none>'),
  ],
  Deployment: [
    column('Ready', ready),
    number('Up-to-date', 'status', 'updatedReplicas'),
    number('Available', 'status', 'availableReplicas'),
    AGE,
    ...workload,
  ],
  ReplicaSet: [
    number('Desired', 'spec', 'replicas'),
    number('Current', 'status', 'replicas'),
    number('Ready', 'status', 'readyReplicas'),
    AGE,
    ...workload,
  ],
  StatefulSet: [column('Ready', ready), AGE, wide('Containers', containers), wide('Images', images)],
  DaemonSet: [
    number('Desired', 'status', 'desiredNumberScheduled'),
    number('Current', 'status', 'currentNumberScheduled'),
    number('Ready', 'status', 'numberReady'),
    number('Up-to-date', 'status', 'updatedNumberScheduled'),
    number('Available', 'status', 'numberAvailable'),
    column('Node Selector', (set) => labels(at(set, 'spec', 'template', 'spec', 'nodeSelector'))),
    AGE,
    ...workload,
  ],
  ControllerRevision: [
    column(
      'Controller',
      (revision) =>
        (revision.metadata.ownerReferences ?? [])
          .map((owner) => `${owner.kind.toLowerCase()}.apps/${owner.name}`)
          .join(',') || '<none>',
    ),
    number('Revision', 'revision'),
    AGE,
  ],
  Job: [
    column('Status', jobStatus),
    column('Completions', completions),
    column('Duration', jobDuration),
    AGE,
    ...workload,
  ],
  CronJob: [
    text('Schedule', 'spec', 'schedule'),
    text('Timezone', 'spec', 'timeZone'),
    column('Suspend', (job) => (at(job, 'spec', 'suspend') === true ? 'True' : 'False')),
    column('Active', (job) => objectsAt(job, 'status', 'active').length, 0, 'integer'),
    column('Last Schedule', (job) =>
      textAt(job, 'status', 'lastScheduleTime') ? age(textAt(job, 'status', 'lastScheduleTime')) : '<none>',
    ),
    AGE,
    ...workload,
  ],
  Service: [
    text('Type', 'spec', 'type'),
    text('Cluster-IP', 'spec', 'clusterIP'),
    column('External-IP', externalAddress),
    column('Port(s)', servicePorts),
    AGE,
    wide('Selector', (service) => labels(at(service, 'spec', 'selector'))),
  ],
  Namespace: [text('Status', 'status', 'phase'), AGE],
  Node: [
    column('Status', nodeStatus),
    column('Roles', () => '<none>'),
    AGE,
    text('Version', 'status', 'nodeInfo', 'kubeletVersion'),
    ...NODE_WIDE,
  ],
  ConfigMap: [column('Data', size, 0, 'integer'), AGE],
  Secret: [text('Type', 'type'), column('Data', size, 0, 'integer'), AGE],
  Ingress: [
    text('Class', 'spec', 'ingressClassName'),
    column(
      'Hosts',
      (ingress) =>
        objectsAt(ingress, 'spec', 'rules')
          .map((rule) => textAt(rule, 'host') ?? '*')
          .join(',') || '*',
    ),
    column('Address', (ingress) => addresses(ingress).join(',')),
    column('Ports', (ingress) => (objectsAt(ingress, 'spec', 'tls').length > 0 ? '80, 443' : '80')),
    AGE,
  ],
  NetworkPolicy: [column('Pod-Selector', (policy) => labels(at(policy, 'spec', 'podSelector', 'matchLabels'))), AGE],
  PersistentVolumeClaim: [
    text('Status', 'status', 'phase'),
    column('Volume', (claim) => textAt(claim, 'spec', 'volumeName') ?? ''),
    column('Capacity', (claim) => textAt(claim, 'status', 'capacity', 'storage') ?? ''),
    column('Access Modes', (claim) =>
      textsAt(claim, 'spec', 'accessModes')
        .map((mode) => mode.replace(/[a-z]/g, ''))
        .join(','),
    ),
    column('StorageClass', (claim) => textAt(claim, 'spec', 'storageClassName') ?? ''),
    column('VolumeAttributesClass', (claim) => textAt(claim, 'spec', 'volumeAttributesClassName') ?? '<unset>'),
    AGE,
    wide('VolumeMode', (claim) => textAt(claim, 'spec', 'volumeMode') ?? '<unset>'),
  ],
  PodDisruptionBudget: [
    column('Min Available', (budget) => at(budget, 'spec', 'minAvailable') ?? 'N/A'),
    column('Max Unavailable', (budget) => at(budget, 'spec', 'maxUnavailable') ?? 'N/A'),
    number('Allowed Disruptions', 'status', 'disruptionsAllowed'),
    AGE,
  ],
  HorizontalPodAutoscaler: [
    column(
      'Reference',
      (hpa) =>
        `${textAt(hpa, 'spec', 'scaleTargetRef', 'kind') ?? ''}/${textAt(hpa, 'spec', 'scaleTargetRef', 'name') ?? ''}`,
    ),
    column('Targets', () => '<unknown>'),
    column('MinPods', (hpa) => String(numberAt(hpa, 'spec', 'minReplicas') ?? '<unset>')),
    number('MaxPods', 'spec', 'maxReplicas'),
    number('Replicas', 'status', 'currentReplicas'),
    AGE,
  ],
  Event: [
    column('Last Seen', (event) =>
      age(textAt(event, 'lastTimestamp') ?? textAt(event, 'eventTime') ?? event.metadata.creationTimestamp),
    ),
    text('Type', 'type'),
    text('Reason', 'reason'),
    column(
      'Object',
      (event) =>
        `${(textAt(event, 'involvedObject', 'kind') ?? '').toLowerCase()}/${textAt(event, 'involvedObject', 'name') ?? ''}`,
    ),
    wide('Subobject', (event) => textAt(event, 'involvedObject', 'fieldPath') ?? ''),
    wide('Source', (event) => textAt(event, 'source', 'component') ?? ''),
    column('Message', (event) => (textAt(event, 'message') ?? '').trim()),
    wide('First Seen', (event) => age(textAt(event, 'firstTimestamp') ?? event.metadata.creationTimestamp)),
    wide('Count', (event) => numberAt(event, 'count') ?? 1),
    wide('Name', (event) => event.metadata.name),
  ],
  Endpoints: [column('Endpoints', endpoints), AGE],
  EndpointSlice: [text('AddressType', 'addressType'), AGE],
  Role: [column('Created At', (role) => role.metadata.creationTimestamp)],
  ClusterRole: [column('Created At', (role) => role.metadata.creationTimestamp)],
  RoleBinding: BINDING,
  ClusterRoleBinding: BINDING,
  CustomResourceDefinition: [column('Created At', (definition) => definition.metadata.creationTimestamp)],
};
