import type { ShipitEvent } from '@shipit/contracts';
import type { Target } from '../config.js';

/** Which targets want an event. `release.*` and `default/*` mean all that begins so; a target without a list wants everything. Pure. */
export function decideTargets(event: ShipitEvent, targets: readonly Target[]): Target[] {
  const release = 'release' in event.data ? event.data.release : undefined;
  return targets.filter(
    ({ types, releases }) => matches(types, event.type) && (releases === undefined || matches(releases, release)),
  );
}

function matches(patterns: readonly string[] | undefined, text: string | undefined): boolean {
  if (patterns === undefined) return true;
  if (text === undefined) return false;
  return patterns.some((pattern) => (pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern));
}
