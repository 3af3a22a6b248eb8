import type { ShipitEvent } from '@shipit/contracts';

/** Deliveries that are to be made, for each target by itself. */
export abstract class Deliveries {
  /** Resolves when the delivery is kept; the same event to the same target is one delivery. */
  abstract add(target: string, event: ShipitEvent): Promise<void>;
}
