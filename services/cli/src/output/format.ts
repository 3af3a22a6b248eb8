/** `word-counts:78bc9cc` for an image with a registry, a long tag and a digest. */
export function shortImage(image: string): string {
  return shorten(image.split('@')[0]?.split('/').at(-1) ?? image);
}

/** Whole image names, commits and digests in a text, as short as people say them. `--json` has them whole. */
export function shorten(text: string): string {
  return text
    .replace(/(?:[a-z0-9-]+\.)+[a-z]+(?::\d+)?\/(?:[a-z0-9._-]+\/)*(?=[a-z0-9._-]+:)/g, '')
    .replace(/\b(sha256:[0-9a-f]{12})[0-9a-f]{52}\b/g, '$1')
    .replace(/\b([0-9a-f]{7})[0-9a-f]{33}\b/g, '$1');
}

/** `Ann` for `Ann <ann@example.com>`. */
export function personName(text = ''): string {
  return text.replace(/ *<[^>]*>$/, '');
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
