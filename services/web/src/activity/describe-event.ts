import type { ShipitEvent } from '@shipit/contracts';
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
      return event.data.rollback
        ? `Rolled back by commit ${event.data.commit.slice(0, 7)}: ${event.data.rollback.cause.message}`
        : `Committed ${event.data.commit.slice(0, 7)}: ${event.data.changes.map(({ image, from, to }) => `${shortImage(image)} ${from.slice(0, 7)} → ${to.slice(0, 7)}`).join(', ')}`;
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

function nameOf({ registry, repository, tag }: { registry: string; repository: string; tag: string }): string {
  return `${registry}/${repository}:${tag}`;
}
