import { createHash } from 'node:crypto';

import { at, isObject, numberAt, objectsAt, textAt, type Json, type JsonObject } from '../json.js';
import { matchesLabels } from '../api/label-selector.js';
import { ownedBy, type KubeObject } from '../objects.js';
import { isTrue } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';

export interface ServiceKinds {
  services: Kind;
  endpoints: Kind;
  slices: Kind;
  pods: Kind;
}

/** Gives load balancers an address, and services the addresses of their ready pods. */
export class ServiceController implements Controller {
  readonly name = 'endpoint-controller';

  constructor(private readonly kinds: ServiceKinds) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.services.storage) return [keyOf(object)];
    if (storage !== this.kinds.pods.storage) return [];
    return this.kinds.services
      .list(object.metadata.namespace)
      .filter((service) => selects(service, object))
      .map(keyOf);
  }

  reconcile(key: string): number | undefined {
    const service = this.kinds.services.get(key);
    if (!service) {
      for (const kind of [this.kinds.endpoints, this.kinds.slices]) {
        const left = kind.get(key);
        if (left) kind.delete(left);
      }
      return undefined;
    }
    if (textAt(service, 'spec', 'type') === 'LoadBalancer') this.giveAddress(service);
    if (!isObject(at(service, 'spec', 'selector'))) return undefined;
    const pods = this.kinds.pods.list(service.metadata.namespace);
    const backends = backendsOf(
      service,
      pods.filter((pod) => selects(service, pod) && !pod.metadata.deletionTimestamp),
    );
    this.write(this.kinds.endpoints, service, { subsets: subsetsOf(backends) });
    this.write(this.kinds.slices, service, {
      addressType: 'IPv4',
      ports: backends.ports,
      endpoints: endpointsOf(backends),
    });
    return undefined;
  }

  private giveAddress(service: KubeObject): void {
    if (objectsAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return;
    const byte = createHash('sha256').update(service.metadata.uid).digest()[0] ?? 1;
    this.kinds.services.updateStatus(service, {
      loadBalancer: { ingress: [{ ip: `203.0.113.${(byte % 254) + 1}`, ipMode: 'VIP' }] },
    });
  }

  /** The object of the service's own name; one slice is enough here. */
  private write(kind: Kind, service: KubeObject, body: JsonObject): void {
    const { name, namespace = '', labels } = service.metadata;
    const live = kind.get(`${namespace}/${name}`);
    const own = { ...labels, 'kubernetes.io/service-name': name };
    if (live) kind.update(live, body);
    else kind.create(namespace, { metadata: { name, labels: own, ownerReferences: [ownedBy(service)] }, ...body });
  }
}

interface Backends {
  ready: JsonObject[];
  waiting: JsonObject[];
  ports: JsonObject[];
}

function backendsOf(service: KubeObject, pods: KubeObject[]): Backends {
  const ready = pods.filter((pod) => isTrue(pod, 'Ready')).map(addressOf);
  const waiting = pods.filter((pod) => !isTrue(pod, 'Ready') && textAt(pod, 'status', 'podIP')).map(addressOf);
  return { ready, waiting, ports: objectsAt(service, 'spec', 'ports').map((port) => portOf(port, pods[0])) };
}

function subsetsOf({ ready, waiting, ports }: Backends): JsonObject[] | undefined {
  if (ready.length + waiting.length === 0) return undefined;
  return [
    { ...(ready.length > 0 && { addresses: ready }), ...(waiting.length > 0 && { notReadyAddresses: waiting }), ports },
  ];
}

function endpointsOf({ ready, waiting }: Backends): JsonObject[] {
  const endpoint = ({ ip, ...rest }: JsonObject, isReady: boolean): JsonObject => ({
    ...rest,
    addresses: [ip],
    conditions: { ready: isReady, serving: isReady, terminating: false },
  });
  return [...ready.map((address) => endpoint(address, true)), ...waiting.map((address) => endpoint(address, false))];
}

function selects(service: KubeObject, pod: KubeObject): boolean {
  const selector = at(service, 'spec', 'selector');
  return (
    isObject(selector) &&
    Object.keys(selector).length > 0 &&
    matchesLabels({ matchLabels: selector }, pod.metadata.labels ?? {})
  );
}

function portOf(port: JsonObject, pod: KubeObject | undefined): JsonObject {
  const named = objectsAt(pod, 'spec', 'containers')
    .flatMap((container) => objectsAt(container, 'ports'))
    .find((item) => item['name'] === port['targetPort']);
  const target: Json = typeof port['targetPort'] === 'number' ? port['targetPort'] : numberAt(named, 'containerPort');
  return {
    ...(textAt(port, 'name') !== undefined && { name: port['name'] }),
    port: target ?? port['port'],
    protocol: port['protocol'],
  };
}

function addressOf(pod: KubeObject): JsonObject {
  const { name, namespace, uid } = pod.metadata;
  return {
    ip: textAt(pod, 'status', 'podIP'),
    nodeName: textAt(pod, 'spec', 'nodeName'),
    targetRef: { kind: 'Pod', namespace, name, uid },
  };
}
