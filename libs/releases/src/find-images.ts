import type { ImageReference } from '@shipit/contracts';
import { tryParseImage } from '@shipit/images';
import type { YamlPath } from '@shipit/yaml-edit';
import { findAnnotatedImages } from './annotated-images.js';
import { type Layout, layouts } from './image-layouts.js';
import { type ImagePlace, type ImageScalar, withParts } from './image-place.js';
import { findReference } from './image-text.js';

/**
 * Every image in a document, at any depth. `value` is plain data, best with scalars as texts
 * (`ReleaseDocument.value`, `YamlDocument.texts`): a number such as 1.10 has lost its zero.
 * What an annotation names counts more than what keys look like. What a cluster wrote (`status`) is no place to set.
 */
export function findImages(value: unknown): ImagePlace[] {
  if (isSearchedFor(value)) return [];
  const places: ImagePlace[] = [];
  visit(hasStatus(value) ? { ...value, status: '' } : value, [], places);
  const annotated = findAnnotatedImages(value);
  if (annotated.length === 0) return places;
  const named = new Set(annotated.flatMap(scalarPaths));
  return [...places.filter((place) => !scalarPaths(place).some((path) => named.has(path))), ...annotated];
}

/** Flux's image automation names images to look for in a registry, and none to run. */
function isSearchedFor(value: unknown): boolean {
  const { apiVersion } = Object(value) as Record<string, unknown>;
  return typeof apiVersion === 'string' && apiVersion.startsWith('image.toolkit.fluxcd.io/');
}

function hasStatus(value: unknown): value is object {
  const { apiVersion, kind, status } = Object(value) as Record<string, unknown>;
  return Boolean(apiVersion && kind && status);
}

function scalarPaths({ scalars }: ImagePlace): string[] {
  return scalars.map(({ path }) => JSON.stringify(path));
}

function visit(value: unknown, path: YamlPath, places: ImagePlace[]): void {
  if (typeof value === 'string') places.push(...findReference(value, path));
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((item, index) => visit(item, [...path, index], places));
  const map = value as Record<string, unknown>;
  const found = mapPlaces(map, path);
  places.push(...found.map(({ place }) => place));
  for (const [key, child] of Object.entries(map))
    if (!found.some(({ repositoryKey }) => key === repositoryKey)) visit(child, [...path, key], places);
}

interface MapPlace {
  place: ImagePlace;
  repositoryKey: string;
}

/** The first layout that fits counts, once for the map itself and once for each prefix of its keys. */
function mapPlaces(map: Record<string, unknown>, path: YamlPath): MapPlace[] {
  const own = placeOf(map, path, layouts);
  const prefixes = Object.keys(map).flatMap((key) => /^(\w+)ImageTag$/.exec(key)?.[1] ?? []);
  const prefixed = prefixes.map((prefix) => placeOf(map, path, prefixedLayouts(prefix)));
  return [own, ...prefixed].filter((place) => place !== undefined);
}

/** `webImageRepository` or `webImage` with `webImageTag`. */
function prefixedLayouts(prefix: string): Layout[] {
  const parts = {
    registry: `${prefix}ImageRegistry`,
    tag: `${prefix}ImageTag`,
    digest: `${prefix}ImageDigest`,
  };
  return [`${prefix}ImageRepository`, `${prefix}ImageName`, `${prefix}Image`].map((repository) => ({
    ...parts,
    repository,
  }));
}

function placeOf(map: Record<string, unknown>, path: YamlPath, among: readonly Layout[]): MapPlace | undefined {
  for (const layout of among) {
    if (layout.within && !layout.within(path)) continue;
    const image = nameOf(map, layout);
    const scalars = scalarsOf(map, layout, path);
    if (!image || scalars.length === 0) continue;
    return { place: { image: withParts(image, scalars), path, scalars }, repositoryKey: layout.repository };
  }
  return undefined;
}

function nameOf(map: Record<string, unknown>, layout: Layout): ImageReference | undefined {
  const registry = layout.registry && textOf(map[layout.registry]).replace(/\/+$/, '');
  const repository = textOf(map[layout.repository]);
  if (repository === '') return undefined;
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

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
