import type { ShipitEvent } from '@shipit/contracts';
import { personName, shorten, shortImage } from '../output/format.js';

/** An event as a person reads it: about what, what happened, and the rest in one line. */
export interface DescribedEvent {
  subject: string;
  what: string;
  message: string;
}

const words: Readonly<Record<ShipitEvent['type'], string>> = {
  'image.pushed': 'pushed',
  'image.ignored': 'ignored',
  'release.candidate': 'not deployed',
  'release.committed': 'committed',
  'release.deploying': 'Deploying',
  'release.deployed': 'Deployed',
  'release.failed': 'Failed',
  'release.rolling-back': 'RollingBack',
  'release.rolled-back': 'RolledBack',
  'release.deleting': 'Deleting',
  'release.deleted': 'deleted',
  'release.verified': 'verified',
  'release.problem': 'problem',
  'rollback.requested': 'rollback asked',
  'rollback.refused': 'refused',
  'resume.requested': 'resume asked',
  'lock.requested': 'lock asked',
  'unlock.requested': 'unlock asked',
};

export function describeEvent(event: ShipitEvent): DescribedEvent {
  const subject = event.type.startsWith('image.') ? shortImage(event.subject) : shorten(event.subject);
  return { subject, what: words[event.type], message: shorten(messageOf(event)) };
}

function messageOf({ type, data }: ShipitEvent): string {
  switch (type) {
    case 'image.pushed':
      return `${data.image.repository}:${data.image.tag}${data.origin === 'event' ? '' : ` (found by ${data.origin})`}`;
    case 'release.candidate':
      return `${shortImage(`${data.image.repository}:${data.image.tag}`)} [${data.reason}] ${data.message}`;
    case 'release.committed':
      return committed(data);
    case 'image.ignored':
    case 'rollback.refused':
      return `[${data.reason}] ${data.message}`;
    case 'release.problem':
      return `[${data.code}] ${data.message}`;
    default:
      return 'message' in data ? data.message : `by ${personName(data.actor)}: ${askedFor(data)}`;
  }
}

function askedFor(request: { reason: string } | { cause: { message: string } }): string {
  return 'cause' in request ? request.cause.message : request.reason;
}

function committed({
  commit,
  changes,
  rollback,
  message,
  actor,
}: Extract<ShipitEvent, { type: 'release.committed' }>['data']): string {
  const by = `by ${personName(actor)}`;
  if (rollback) return `${commit} back to ${rollback.to}, ${by}: ${rollback.cause.message}`;
  const images = changes.map(({ image, from, to }) => `${shortImage(image)} ${from || '–'} → ${to}`);
  return `${commit} ${images.join(', ') || message}, ${by}`;
}
