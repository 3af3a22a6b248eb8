import type { ImageReference } from '@shipit/contracts';
import { splitReference, tryParseImage } from '@shipit/images';
import type { YamlPath } from '@shipit/yaml-edit';

/** One scalar that holds a part of an image, with the text that stands there now. */
export interface ImageScalar {
  path: YamlPath;
  holds: 'tag' | 'digest' | 'tag@digest' | 'reference';
  text: string;
}

/** One place where an image stands, and which scalars hold its parts. */
export interface ImagePlace {
  /** Tag and digest are absent where none stand there, or something that is none, such as a substitution. */
  image: ImageReference;
  /** The map, or the string, that holds the image. */
  path: YamlPath;
  /** What to set when tag or digest change. Empty where the place names neither. */
  scalars: readonly ImageScalar[];
}

/** Keys under which charts and tools keep an image's parts in one map. The first layout that fits counts. */
const layouts: readonly Layout[] = [
  { registry: 'registry', repository: 'repository', tag: 'tag', digest: 'digest' },
  { registry: 'registry', repository: 'image', tag: 'tag', digest: 'digest', needsRegistry: true },
  { registry: 'imageRegistry', repository: 'imageRepository', tag: 'imageTag', digest: 'imageDigest' },
  { repository: 'newName', tag: 'newTag', digest: 'digest' },
  { repository: 'name', tag: 'newTag', digest: 'digest' },
  { repository: 'name', tag: 'tag', digest: 'digest', within: /image$/i },
];

interface Layout {
  registry?: string;
  repository: string;
  tag: string;
  digest: string;
  needsRegistry?: boolean;
  /** The key that must hold the map: these parts alone could be anything. */
  within?: RegExp;
}

/**
 * Every image in a document, at any depth. `value` is plain data, best with scalars as texts
 * (`ReleaseDocument.value`, `YamlDocument.texts`): a number such as 1.10 has lost its zero.
 */
export function findImages(value: unknown): ImagePlace[] {
  const places: ImagePlace[] = [];
  visit(value, [], places);
  return places;
}

function visit(value: unknown, path: YamlPath, places: ImagePlace[]): void {
  if (typeof value === 'string') places.push(...referencePlace(value, path));
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((item, index) => visit(item, [...path, index], places));
  const map = value as Record<string, unknown>;
  const place = mapPlace(map, path);
  if (place) places.push(place.place);
  for (const [key, child] of Object.entries(map))
    if (key !== place?.repositoryKey) visit(child, [...path, key], places);
}

/** `image: repo:tag`, `sidecarImage: repo@sha256:…`, and the items of `images: [...]`. */
function referencePlace(text: string, path: YamlPath): ImagePlace[] {
  const key = path.at(-1);
  const isItem = typeof key === 'number' && /images$/i.test(String(path.at(-2)));
  if (text.length > 520 || !(isItem || (typeof key === 'string' && /image$/i.test(key)))) return [];
  const { name, tag, digest } = splitReference(text);
  const named = tryParseImage(name);
  if (!named) return [];
  const scalars: ImageScalar[] = tag === undefined && digest === undefined ? [] : [{ path, holds: 'reference', text }];
  return [{ image: tryParseImage(text) ?? named, path, scalars }];
}

function mapPlace(
  map: Record<string, unknown>,
  path: YamlPath,
): { place: ImagePlace; repositoryKey: string } | undefined {
  for (const layout of layouts) {
    if (layout.within && !layout.within.test(String(path.at(-1)))) continue;
    const image = nameOf(map, layout);
    const scalars = scalarsOf(map, layout, path);
    if (!image || scalars.length === 0) continue;
    return { place: { image: withParts(image, scalars), path, scalars }, repositoryKey: layout.repository };
  }
  return undefined;
}

function nameOf(map: Record<string, unknown>, layout: Layout): ImageReference | undefined {
  const registry = layout.registry && textOf(map[layout.registry]);
  const repository = textOf(map[layout.repository]);
  if (repository === '' || (layout.needsRegistry && !registry)) return undefined;
  const image = tryParseImage(registry ? `${registry}/${repository}` : repository);
  return image?.tag === undefined && image?.digest === undefined ? image : undefined;
}

/** An empty tag stands for the chart's own, an empty digest for none. */
function scalarsOf(map: Record<string, unknown>, layout: Layout, path: YamlPath): ImageScalar[] {
  const [tag, digest] = [textOf(map[layout.tag]), textOf(map[layout.digest])];
  const scalars: ImageScalar[] = [];
  if (tag !== '')
    scalars.push({ path: [...path, layout.tag], holds: tag.includes('@') ? 'tag@digest' : 'tag', text: tag });
  if (digest !== '') scalars.push({ path: [...path, layout.digest], holds: 'digest', text: digest });
  return scalars;
}

function withParts(image: ImageReference, scalars: readonly ImageScalar[]): ImageReference {
  const part = (holds: ImageScalar['holds']) => scalars.find((scalar) => scalar.holds === holds)?.text;
  const [tag, digest] = part('tag@digest')?.split('@') ?? [part('tag'), part('digest')];
  const whole = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  const parts = tryParseImage(`x${whole}`);
  return { ...image, ...(parts && { ...parts, registry: image.registry, repository: image.repository }) };
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
