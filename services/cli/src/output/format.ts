import type { ShipitEvent } from '@shipit/contracts';

/** `word-counts:78bc9cc` for an image with a registry, a long tag and a digest. */
export function shortImage(image: string): string {
  const name = image.split('@')[0]?.split('/').at(-1) ?? image;
  return name.replace(/:([0-9a-f]{7})[0-9a-f]{33}$/, ':$1');
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `5m`: how long ago, as kubectl says it. */
export function age(at: string | undefined, now = new Date()): string {
  const seconds = at === undefined ? Number.NaN : (now.getTime() - Date.parse(at)) / 1000;
  if (Number.isNaN(seconds)) return '';
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units[3];
  return `${Math.max(0, Math.floor(seconds / size))}${unit}`;
}

/** What an event says, in one line. */
export function eventMessage({ type, data }: ShipitEvent): string {
  if (type === 'image.pushed') return `${shortImage(`${data.image.repository}:${data.image.tag}`)} pushed`;
  if (type === 'release.candidate')
    return `${shortImage(`${data.image.repository}:${data.image.tag}`)}: ${data.message}`;
  if (type === 'release.committed')
    return data.rollback
      ? `${data.commit.slice(0, 7)} back: ${data.rollback.cause.message}`
      : `${data.commit.slice(0, 7)} ${data.changes.map(({ image, to }) => shortImage(`${image}:${to}`)).join(', ')}`;
  if (type === 'rollback.requested') return `${data.actor}: ${data.cause.message}`;
  return 'message' in data ? data.message : 'reason' in data ? data.reason : '';
}
