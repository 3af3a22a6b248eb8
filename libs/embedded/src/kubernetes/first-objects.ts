import type { ObjectWriter } from './api/object-writer.js';
import { now } from './objects.js';
import type { JsonObject } from './json.js';

const NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'];
const NODES = ['node-0', 'node-1'];

/** What every cluster has from the start: its namespaces, two nodes, and the service of the API itself. */
export function createFirstObjects(writer: ObjectWriter): void {
  const { registry, store } = writer;
  const context = { manager: 'kube-apiserver' };
  for (const name of NAMESPACES) {
    if (!store.get('/namespaces', '', name))
      writer.create(registry.builtIn('Namespace'), '', { metadata: { name } }, context);
  }
  for (const name of NODES) {
    if (store.get('/nodes', '', name)) continue;
    const type = registry.builtIn('Node');
    const node = writer.create(
      type,
      '',
      { metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } } },
      context,
    );
    writer.update(
      { type, namespace: '', name },
      { ...node, status: nodeStatus() },
      { manager: 'kubelet', subresource: 'status' },
    );
  }
  if (!store.get('/services', 'default', 'kubernetes')) {
    const spec = { ports: [{ name: 'https', port: 443, targetPort: 6443 }] };
    writer.create(registry.builtIn('Service'), 'default', { metadata: { name: 'kubernetes' }, spec }, context);
  }
}

function nodeStatus(): JsonObject {
  const capacity = { cpu: '32', memory: '256Gi', pods: '500' };
  const ready = {
    type: 'Ready',
    status: 'True',
    reason: 'KubeletReady',
    message: 'kubelet is posting ready status',
    lastHeartbeatTime: now(),
    lastTransitionTime: now(),
  };
  return {
    capacity,
    allocatable: capacity,
    conditions: [ready],
    addresses: [{ type: 'InternalIP', address: '10.1.0.1' }],
    nodeInfo: NODE_INFO,
  };
}

const NODE_INFO = {
  architecture: 'amd64',
  bootID: '',
  containerRuntimeVersion: 'embedded',
  kernelVersion: '',
  kubeProxyVersion: '',
  kubeletVersion: 'embedded',
  machineID: '',
  operatingSystem: 'linux',
  osImage: '',
  systemUUID: '',
};
