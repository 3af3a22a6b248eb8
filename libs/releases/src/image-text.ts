import { splitReference, tryParseImage } from '@shipit/images';
import type { YamlPath } from '@shipit/yaml-edit';
import type { ImagePlace } from './image-place.js';

const maxLength = 520;

/**
 * An image written as one text: `image: repo:tag`, `sidecarImage: repo@sha256:…`, `image: {reference: repo:tag}`,
 * and the items of `images: [...]`. Without tag and digest there is nothing to set.
 */
export function findReference(text: string, path: YamlPath): ImagePlace[] {
  if (text.length > maxLength) return [];
  if (isItem(path)) return placeOf(text.slice(text.indexOf('=') + 1), text, path);
  if (isUnderImage(path)) return placeOf(text, text, path).filter(({ scalars }) => scalars.length > 0);
  return /image$/i.test(String(path.at(-1))) ? placeOf(text, text, path) : [];
}

/** Such an item may be an override of Kustomize on one line, as Argo CD has it: the name in the manifests, `=`, the image to use. */
function isItem(path: YamlPath): boolean {
  return typeof path.at(-1) === 'number' && /images$/i.test(String(path.at(-2)));
}

function isUnderImage(path: YamlPath): boolean {
  return /^(?:name|reference|repository)$/.test(String(path.at(-1))) && /image$/i.test(String(path.at(-2)));
}

function placeOf(text: string, written: string, path: YamlPath): ImagePlace[] {
  const { name, tag, digest } = splitReference(text);
  const named = tryParseImage(name);
  if (!named) return [];
  const isBare = tag === undefined && digest === undefined;
  return [
    {
      image: tryParseImage(text) ?? named,
      path,
      scalars: isBare ? [] : [{ path, holds: 'reference', text: written }],
    },
  ];
}
