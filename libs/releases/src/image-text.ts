import { splitReference, tryParseImage } from '@shipit/images';
import type { YamlPath } from '@shipit/yaml-edit';
import type { ImagePlace } from './image-place.js';

const maxLength = 520;

/**
 * An image written as one text: `image: repo:tag`, `sidecarImage: repo@sha256:…`, `imageName: repo:tag`, `image: {reference: repo:tag}`,
 * and the items of `images: [...]`. Without tag and digest there is nothing to set; the artifacts of a build have none.
 */
export function findReference(text: string, path: YamlPath): ImagePlace[] {
  if (text.length > maxLength) return [];
  if (isItem(path)) return placeOf(text.slice(text.indexOf('=') + 1), text, path);
  if (isUnderImage(path) || /image(?:name|ref|reference|uri|url)$/i.test(String(path.at(-1))))
    return tagged(placeOf(text, text, path));
  if (isOfPipeline(text, path)) return tagged(placeOf(text.replace(/^docker:\/\//, ''), text, path));
  if (!isNamedImage(String(path.at(-1)))) return [];
  return path.at(-3) === 'artifacts' ? tagged(placeOf(text, text, path)) : placeOf(text, text, path);
}

/** The operation of a JSON patch: `{op: replace, path: /spec/…/image, value: repo:tag}`. */
export function findPatch(
  { op, path: target, value }: Readonly<Record<string, unknown>>,
  path: YamlPath,
): ImagePlace[] {
  if ((op !== 'replace' && op !== 'add') || typeof target !== 'string' || typeof value !== 'string') return [];
  const at = [...path, 'value'];
  return value.length <= maxLength && isNamedImage(target) ? placeOf(value, value, at) : [];
}

function isNamedImage(name: string): boolean {
  return /image$/i.test(name);
}

/** Such an item may be an override of Kustomize on one line, as Argo CD has it: the name in the manifests, `=`, the image to use. */
function isItem(path: YamlPath): boolean {
  return typeof path.at(-1) === 'number' && /images$/i.test(String(path.at(-2)));
}

/** `image: {name: repo:tag}`, `images: [{name: repo:tag}]`. */
function isUnderImage(path: YamlPath): boolean {
  const holder = typeof path.at(-2) === 'number' ? path.at(-3) : path.at(-2);
  return /^(?:name|reference|repository)$/.test(String(path.at(-1))) && /images?$/i.test(String(holder));
}

/** Of GitHub `container: repo:tag` and `uses: docker://repo:tag`, of GitLab the items of `services`, by name or as they are. */
function isOfPipeline(text: string, path: YamlPath): boolean {
  const key = path.at(-1);
  if (key === 'uses') return text.startsWith('docker://');
  if (!text.includes('/')) return false;
  if (key === 'container') return true;
  const item = key === 'name' ? path.slice(0, -1) : path;
  return typeof item.at(-1) === 'number' && item.at(-2) === 'services';
}

function tagged(places: ImagePlace[]): ImagePlace[] {
  return places.filter(({ scalars }) => scalars.length > 0);
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
