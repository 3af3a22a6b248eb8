import { numberAt, objectsAt, textAt } from '../json.js';
import type { KubeObject } from '../objects.js';
import { age, shortDuration } from './duration.js';

export function readyContainers(pod: KubeObject): number {
  return objectsAt(pod, 'status', 'containerStatuses').filter((status) => status['ready'] === true).length;
}

export function restarts(pod: KubeObject): string {
  const statuses = objectsAt(pod, 'status', 'containerStatuses');
  const count = statuses.reduce((sum, status) => sum + (numberAt(status, 'restartCount') ?? 0), 0);
  const last = statuses
    .map((status) => textAt(status, 'lastState', 'terminated', 'finishedAt'))
    .find((time) => time !== undefined);
  return count > 0 && last ? `${count} (${age(last)} ago)` : String(count);
}

export function bindingRole(binding: KubeObject): string {
  return `${textAt(binding, 'roleRef', 'kind') ?? ''}/${textAt(binding, 'roleRef', 'name') ?? ''}`;
}

export function nodeStatus(node: KubeObject): string {
  const condition = objectsAt(node, 'status', 'conditions').find((item) => item['type'] === 'Ready');
  return condition?.['status'] === 'True' ? 'Ready' : 'NotReady';
}

export function jobStatus(job: KubeObject): string {
  const is = (type: string): boolean =>
    objectsAt(job, 'status', 'conditions').some((item) => item['type'] === type && item['status'] === 'True');
  if (is('Complete')) return 'Complete';
  if (is('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp) return 'Terminating';
  return is('Suspended') ? 'Suspended' : 'Running';
}

export function completions(job: KubeObject): string {
  return `${numberAt(job, 'status', 'succeeded') ?? 0}/${numberAt(job, 'spec', 'completions') ?? 1}`;
}

export function jobDuration(job: KubeObject): string {
  const start = textAt(job, 'status', 'startTime');
  if (!start) return '';
  const end = textAt(job, 'status', 'completionTime');
  return shortDuration(Math.floor(((end ? Date.parse(end) : Date.now()) - Date.parse(start)) / 1000));
}

export function addresses(object: KubeObject): string[] {
  return objectsAt(object, 'status', 'loadBalancer', 'ingress').map(
    (item) => textAt(item, 'ip') ?? textAt(item, 'hostname') ?? '',
  );
}

export function externalAddress(service: KubeObject): string {
  if (textAt(service, 'spec', 'type') === 'ExternalName') return textAt(service, 'spec', 'externalName') ?? '<none>';
  const list = addresses(service);
  if (list.length > 0) return list.join(',');
  return textAt(service, 'spec', 'type') === 'LoadBalancer' ? '<pending>' : '<none>';
}

export function servicePorts(service: KubeObject): string {
  const ports = objectsAt(service, 'spec', 'ports').map((port) => {
    const node = numberAt(port, 'nodePort');
    return `${String(port['port'])}${node ? `:${node}` : ''}/${String(port['protocol'])}`;
  });
  return ports.join(',') || '<none>';
}

export function endpoints(object: KubeObject): string {
  const all = objectsAt(object, 'subsets').flatMap((subset) =>
    objectsAt(subset, 'addresses').flatMap((address) =>
      objectsAt(subset, 'ports').map((port) => `${String(address['ip'])}:${String(port['port'])}`),
    ),
  );
  return all.slice(0, 3).join(',') || '<none>';
}
