import { createHash } from 'node:crypto';

import { numberAt } from '../json.js';
import { now, type KubeObject } from '../objects.js';
import type { Kind } from './controller.js';

export interface Happening {
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
}

/** Tells what happened to an object; the same again only counts up. Nothing is told in a namespace that goes away. */
export function recordEvent(
  events: Kind,
  component: string,
  about: KubeObject,
  { type, reason, message }: Happening,
): void {
  const { name, namespace = 'default', uid, resourceVersion } = about.metadata;
  const id = createHash('sha256').update([uid, type, reason, message, component].join('\0')).digest('hex').slice(0, 16);
  const eventName = `${name.slice(0, 200)}.${id}`;
  const before = events.get(`${namespace}/${eventName}`);
  try {
    if (before) {
      events.update(before, { count: (numberAt(before, 'count') ?? 1) + 1, lastTimestamp: now() });
      return;
    }
    const involvedObject = {
      apiVersion: about.apiVersion,
      kind: about.kind,
      name,
      namespace: about.metadata.namespace,
      uid,
      resourceVersion,
    };
    const times = { firstTimestamp: now(), lastTimestamp: now(), eventTime: null, count: 1 };
    const source = { source: { component }, reportingComponent: component, reportingInstance: '' };
    events.create(namespace, {
      metadata: { name: eventName },
      involvedObject,
      type,
      reason,
      message,
      ...times,
      ...source,
    });
  } catch {
    // An event is a courtesy: it must not keep the controller from its work.
  }
}
