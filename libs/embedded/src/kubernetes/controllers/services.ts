import { createHash } from 'node:crypto';

import { at, isObject, numberAt, objectsAt, textAt, type Json, type JsonObject } from '../json.js';
import { matchesLabels } from '../api/label-selector.js';
import type { KubeObject } from '../objects.js';
import { isTrue } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';

export interface ServiceKinds {
  services: Kind;
  endpoints: Kind;
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
    const endpoints = this.kinds.endpoints.get(key);
    if (!service) {
      if (endpoints) this.kinds.endpoints.delete(endpoints);
      return undefined;
    }
    if (textAt(service, 'spec', 'type') === 'LoadBalancer') this.giveAddress(service);
    if (isObject(at(service, 'spec', 'selector'))) this.writeEndpoints(service, endpoints);
    return undefined;
  }

  private giveAddress(service: KubeObject): void {
    if (objectsAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return;
    const byte = createHash('sha256').update(service.metadata.uid).digest()[0] ?? 1;
    this.kinds.services.updateStatus(service, {
      loadBalancer: { ingress: [{ ip: `203.0.113.${(byte % 254) + 1}`, ipMode: 'VIP' }] },
    });
  }

  private writeEndpoints(service: KubeObject, live: KubeObject | undefined): void {
    const pods = this.kinds.pods
      .list(service.metadata.namespace)
      .filter((pod) => selects(service, pod) && !pod.metadata.deletionTimestamp);
    const ports = objectsAt(service, 'spec', 'ports').map((port) => portOf(port, pods[0]));
    const addresses = pods.filter((pod) => isTrue(pod, 'Ready')).map(addressOf);
    const waiting = pods.filter((pod) => !isTrue(pod, 'Ready') && textAt(pod, 'status', 'podIP')).map(addressOf);
    const subset = {
      ...(addresses.length > 0 && { addresses }),
      ...(waiting.length > 0 && { notReadyAddresses: waiting }),
      ports,
    };
    const subsets = addresses.length + waiting.length > 0 ? [subset] : [];
    const body: JsonObject = subsets.length > 0 ? { subsets } : {};
    const { name, namespace = '', labels } = service.metadata;
    if (live) this.kinds.endpoints.update({ ...live, subsets: undefined }, body);
    else this.kinds.endpoints.create(namespace, { metadata: { name, labels }, ...body });
  }
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
