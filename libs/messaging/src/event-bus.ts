import type { ShipitEvent } from '@shipit/contracts';

/** Where events are announced. */
export abstract class EventBus {
  /**
   * Resolves when the event log and every queue that the routing table names hold the events, in this order.
   * An id that was published before is dropped. Rejects, with nothing certain, where Redis does not answer: publish again.
   */
  abstract publish(...events: readonly ShipitEvent[]): Promise<void>;
}
