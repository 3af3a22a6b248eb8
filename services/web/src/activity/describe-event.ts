import type { ReleaseCommitted, ShipitEvent } from '@shipit/contracts';
import { shortImage } from '../releases/search-releases.js';

/** One line of the feed. */
export function describeEvent(event: ShipitEvent): string {
  switch (event.type) {
    case 'image.pushed':
      return `${shortImage(nameOf(event.data.image))} was pushed`;
    case 'image.ignored':
      return `${event.data.image ?? 'A message'} leads nowhere: ${event.data.message}`;
    case 'release.candidate':
      return `${shortImage(nameOf(event.data.image))} is not deployed: ${event.data.message}`;
    case 'release.committed':
      return describeCommit(event.data);
    case 'rollback.requested':
      return `${event.data.actor} asks for a rollback: ${event.data.cause.message}`;
    case 'resume.requested':
    case 'lock.requested':
    case 'unlock.requested':
      return `${event.data.actor}: ${event.data.reason}`;
    default:
      return event.data.message;
  }
}

function describeCommit({ commit, rollback, changes }: ReleaseCommitted['data']): string {
  const short = commit.slice(0, 7);
  if (rollback) return `Rolled back by commit ${short}: ${rollback.cause.message}`;
  const changed = changes.map(({ image, from, to }) => `${shortImage(image)} ${from.slice(0, 7)} → ${to.slice(0, 7)}`);
  return `Committed ${short}${changed.length > 0 ? `: ${changed.join(', ')}` : ''}`;
}

function nameOf({ registry, repository, tag }: { registry: string; repository: string; tag: string }): string {
  return `${registry}/${repository}:${tag}`;
}
