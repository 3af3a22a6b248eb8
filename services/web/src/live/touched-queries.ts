import type { EventType, ShipitEvent } from '@shipit/contracts';
import type { Key } from './refresher.js';

const changesNoState: readonly EventType[] = [
  'image.pushed',
  'image.ignored',
  'release.candidate',
  'release.committed',
  'release.problem',
];

/** What the page must ask anew after an event: the list where a release's state may have changed, and the release. The feed takes the event itself. */
export function touchedQueries(event: ShipitEvent): Key[] {
  const release = 'release' in event.data ? event.data.release : undefined;
  if (release === undefined) return [];
  return changesNoState.includes(event.type) ? [['release', release]] : [['releases'], ['release', release]];
}
