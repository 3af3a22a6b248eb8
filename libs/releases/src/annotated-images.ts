import { annotationPrefix, type ImageReference, legacyAnnotationPrefix } from '@shipit/contracts';
import { splitReference, tryParseImage } from '@shipit/images';
import type { YamlPath } from '@shipit/yaml-edit';
import { type ImagePlace, type ImageScalar, withParts } from './image-place.js';

/**
 * Places that annotations of the document name, for values whose keys do not tell:
 * `shipit.dev/image.<alias>: path.to.tag` from the root of the document, else from `spec.values`. What stands there is a tag,
 * or a whole `name:tag`. A tag's image is `shipit.dev/image-name.<alias>`, else the one name with a `/` beside the tag.
 */
export function findAnnotatedImages(document: unknown): ImagePlace[] {
  const annotations = recordOf(recordOf(recordOf(document)['metadata'])['annotations']);
  const get = (name: string) => annotations[annotationPrefix + name] ?? annotations[legacyAnnotationPrefix + name];
  const names = Object.keys(annotations).map((name) => aliasName.exec(name)?.[1]);
  const aliases = new Set(names.filter((alias) => alias !== undefined));
  return [...aliases].flatMap((alias) => {
    const path = parsePath(get(`image.${alias}`));
    const name = get(`image-name.${alias}`);
    return path ? annotatedPlace(document, path, typeof name === 'string' ? name.trim() : undefined) : [];
  });
}

const prefixes = [annotationPrefix, legacyAnnotationPrefix].map((prefix) => prefix.replaceAll('.', '\\.'));
const aliasName = new RegExp(`^(?:${prefixes.join('|')})image\\.(.+)$`);

/** `a.b[0].c`, `a.b.0.c` and `a["b.c"]`; undefined for anything else. */
function parsePath(text: unknown): YamlPath | undefined {
  if (typeof text !== 'string' || !wholePath.test(text.trim())) return undefined;
  const steps = [...text.trim().matchAll(step)].map(([, quoted, index, key]) => quoted ?? index ?? key ?? '');
  return steps.length <= 64 ? steps : undefined;
}

const step = /\["([^"]+)"\]|\[(\d+)\]|([^.[\]"]+)/g;
const wholePath = /^[^.[\]"]{1,253}(?:\["[^"]{1,253}"\]|\[\d{1,6}\]|\.[^.[\]"]{1,253})*$/;

function annotatedPlace(document: unknown, steps: YamlPath, name: string | undefined): ImagePlace[] {
  const image = name === undefined ? undefined : tryParseImage(name);
  const found = walk(document, steps) ?? walk(document, ['spec', 'values', ...steps]);
  if (found) return wholeReference(found) ?? tagAt(found, image ?? onlyNameIn(found.parent));
  if (!image) return [];
  // A path that leads nowhere is kept: the edit is refused there, so somebody learns of it.
  const path = Object.hasOwn(Object(document) as object, steps[0] ?? '') ? steps : ['spec', 'values', ...steps];
  return [{ image, path, scalars: [{ path, holds: 'tag', text: '' }] }];
}

function wholeReference({ path, text }: Found): ImagePlace[] | undefined {
  const named = text.includes('/') ? tryParseImage(splitReference(text).name) : undefined;
  return named && [{ image: tryParseImage(text) ?? named, path, scalars: [{ path, holds: 'reference', text }] }];
}

function tagAt({ path, text }: Found, image: ImageReference | undefined): ImagePlace[] {
  if (!image) return [];
  const scalars: ImageScalar[] = [{ path, holds: text.includes('@') ? 'tag@digest' : 'tag', text }];
  return [{ image: withParts(image, scalars), path: path.slice(0, -1), scalars }];
}

interface Found {
  path: YamlPath;
  text: string;
  parent: unknown;
}

/** The text at the end of the steps, with list indexes as numbers. */
function walk(document: unknown, steps: YamlPath): Found | undefined {
  const path: (string | number)[] = [];
  let [value, parent]: [unknown, unknown] = [document, undefined];
  for (const key of steps) {
    parent = value;
    if (!Object.hasOwn(Object(value) as object, key)) return undefined;
    path.push(Array.isArray(value) ? Number(key) : key);
    value = (value as Record<string | number, unknown>)[key];
  }
  return typeof value === 'string' || typeof value === 'number' ? { path, text: String(value), parent } : undefined;
}

function onlyNameIn(map: unknown): ImageReference | undefined {
  const texts = Object.values(recordOf(map)).filter((text) => typeof text === 'string' && text.includes('/'));
  const images = texts.map((text) => tryParseImage(text as string)).filter((image) => image && !image.tag);
  return images.length === 1 ? images[0] : undefined;
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
