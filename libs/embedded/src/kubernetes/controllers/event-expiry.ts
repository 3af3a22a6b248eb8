import { textAt } from '../json.js';
import type { KubeObject } from '../objects.js';
import { keyOf, type Controller, type Kind } from './controller.js';

const HOUR = 60 * 60 * 1000;

/** Events are kept for an hour after they last happened. */
export class EventExpiry implements Controller {
  readonly name = 'event-expiry';

  constructor(private readonly events: Kind) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    return storage === this.events.storage ? [keyOf(object)] : [];
  }

  reconcile(key: string): number | undefined {
    const event = this.events.get(key);
    if (!event) return undefined;
    const last = Date.parse(textAt(event, 'lastTimestamp') ?? event.metadata.creationTimestamp);
    const left = last + HOUR - Date.now();
    if (left > 0) return left;
    this.events.drop(event);
    return undefined;
  }
}
