/** `word-counts:78bc9cc` for an image with a registry, a long tag and a digest; `word-counts@sha256:4983a33` for one by digest alone. */
export function shortImage(image: string): string {
  const [named = image, digest] = image.split('@');
  const name = named.slice(named.lastIndexOf('/') + 1);
  if (digest !== undefined && !name.includes(':')) return `${name}@${digest.slice(0, 'sha256:'.length + 7)}`;
  return name.replace(/(:[0-9a-f]{7})[0-9a-f]{33}(?![0-9a-f])/, '$1');
}
