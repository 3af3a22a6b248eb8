import { randomInt } from 'node:crypto';

import { isObject, objectAt, objectsAt, textAt, textsAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { Fill } from './workload-defaults.js';

/** Kinds that are no workloads. Addresses of services are given out by their controller. */
export const objectDefaults: Record<string, Fill> = {
  Namespace: (object, live) => namespaceDefaults(object, live),
  Service: (object, live) => serviceDefaults(object, live),
  Secret: (object) => secretDefaults(object),
  PersistentVolumeClaim: (object) => ({ ...object, spec: { volumeMode: 'Filesystem', ...objectAt(object, 'spec') } }),
  HorizontalPodAutoscaler: (object) => ({
    ...object,
    spec: { minReplicas: 1, metrics: [CPU_METRIC], ...objectAt(object, 'spec') },
  }),
  CustomResourceDefinition: (object) => definitionDefaults(object),
};

const CPU_METRIC = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

function namespaceDefaults(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const { name } = object.metadata;
  const labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name };
  const finalizers = live ? textsAt(object, 'spec', 'finalizers') : ['kubernetes'];
  const spec = finalizers.length > 0 ? { finalizers } : {};
  return {
    ...object,
    metadata: { ...object.metadata, labels },
    spec,
    status: { phase: 'Active', ...objectAt(object, 'status') },
  };
}

function serviceDefaults(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const given = objectAt(object, 'spec');
  const type = textAt(given, 'type') ?? 'ClusterIP';
  const outside = type === 'NodePort' || type === 'LoadBalancer';
  const livePorts = objectsAt(live, 'spec', 'ports');
  const ports = objectsAt(given, 'ports').map((port) => {
    const before = livePorts.find(
      (item) => item['port'] === port['port'] && item['protocol'] === (port['protocol'] ?? 'TCP'),
    );
    const nodePort = outside ? { nodePort: before?.['nodePort'] ?? 30_000 + randomInt(2768) } : {};
    return { protocol: 'TCP', targetPort: port['port'], ...nodePort, ...port };
  });
  const inside =
    type === 'ExternalName'
      ? {}
      : { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' };
  const spec: JsonObject = {
    sessionAffinity: 'None',
    ...inside,
    ...(outside && { externalTrafficPolicy: 'Cluster' }),
    ...(type === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }),
    ...(type !== 'ExternalName' && addressOf(given, objectAt(live, 'spec'))),
    ...given,
    type,
    ...(ports.length > 0 && { ports }),
  };
  return { ...object, spec, status: isObject(object['status']) ? object['status'] : { loadBalancer: {} } };
}

/** The address asked for, else the one it has, else a new one. */
function addressOf(given: JsonObject, live: JsonObject): JsonObject {
  const clusterIP =
    textAt(given, 'clusterIP') ?? textAt(live, 'clusterIP') ?? `10.96.${randomInt(256)}.${1 + randomInt(254)}`;
  return { clusterIP, clusterIPs: [clusterIP] };
}

/** `stringData` is written into `data` and never read back. */
function secretDefaults(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  const plain = Object.entries(isObject(stringData) ? stringData : {});
  const encoded = Object.fromEntries(plain.map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]));
  const data = { ...objectAt(object, 'data'), ...encoded };
  return { type: 'Opaque', ...rest, ...(Object.keys(data).length > 0 && { data }) };
}

function definitionDefaults(object: KubeObject): KubeObject {
  const spec = objectAt(object, 'spec');
  const names = objectAt(spec, 'names');
  const kind = textAt(names, 'kind') ?? '';
  const filled = { singular: kind.toLowerCase(), listKind: `${kind}List`, ...names };
  return { ...object, spec: { conversion: { strategy: 'None' }, ...spec, names: filled } };
}
