import type { YamlPath } from '@shipit/yaml-edit';
import { findAnnotatedImages } from './annotated-images.js';
import { doubtAbout } from './code-sources.js';
import { mayBeFilledIn } from './filled-names.js';
import { type Layout, layouts, prefixedLayouts } from './image-layouts.js';
import { digestMark, type ImageNames, readNames, type Surroundings, textOf } from './image-names.js';
import { type ImagePlace, type ImageScalar, withParts } from './image-place.js';
import { findPatch, findReference } from './image-text.js';
import { findInText } from './images-in-text.js';
import { findNamedValues } from './named-values.js';

/**
 * Every image in a document, at any depth. `value` is plain data, best with scalars as texts
 * (`ReleaseDocument.value`, `YamlDocument.texts`): a number such as 1.10 has lost its zero.
 * What an annotation names counts more than what keys look like. What a cluster wrote (`status`) is no place to set.
 */
export function findImages(value: unknown): ImagePlace[] {
  return findDocument(value, 0);
}

/** Files stand in texts, such as values in a patch in a ConfigMap. Deeper ones are looked at line by line. */
const maxTextDepth = 3;

function findDocument(value: unknown, textDepth: number): ImagePlace[] {
  if (isSearchedFor(value)) return [];
  const places: ImagePlace[] = [];
  const document = hasStatus(value) ? { ...value, status: '' } : value;
  visit(document, { path: [], globalRegistry: '', textDepth }, places);
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

interface Around extends Surroundings {
  /** How many texts stand around; absent where texts and named values are passed over. */
  textDepth?: number;
}

function visit(value: unknown, around: Around, places: ImagePlace[]): void {
  const { path } = around;
  if (typeof value === 'string') return visitText(value, around, places);
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value))
    return value.forEach((item, index) => visit(item, { ...around, path: [...path, index] }, places));
  const map = value as Record<string, unknown>;
  const inside = { ...around, globalRegistry: globalRegistryOf(map) || around.globalRegistry };
  const found = mapPlaces(map, inside);
  places.push(...found.flatMap((one) => one.places), ...findPatch(map, path));
  if (around.textDepth !== undefined) places.push(...findNamedValues(map, path, findPlain));
  const read = new Set(found.flatMap(({ keys }) => keys));
  for (const [key, child] of Object.entries(map))
    if (!read.has(key) && !isPassedOver(key)) visit(child, { ...inside, path: [...path, key] }, places);
}

function visitText(text: string, { path, textDepth }: Around, places: ImagePlace[]): void {
  places.push(...findReference(text, path));
  if (textDepth === undefined) return;
  const find = textDepth < maxTextDepth ? (document: unknown) => findDocument(document, textDepth + 1) : undefined;
  places.push(...findInText(text, path, find));
}

/** Without what stands in texts or is named by paths. */
function findPlain(value: unknown): ImagePlace[] {
  const places: ImagePlace[] = [];
  visit(value, { path: [], globalRegistry: '' }, places);
  return places;
}

/**
 * No label can hold a tag behind a name, but any may be called `image`; who manages which field is the cluster's own.
 * What ran before, and what a policy allows or forbids, is not what runs.
 */
function isPassedOver(key: string): boolean {
  return key === 'labels' || key === 'matchLabels' || key === 'managedFields' || notRun.test(key);
}

const notRun = /^(?:previous|old|rollback|allowed|denied|deny|exempt|excluded|ignored|forbidden|blocked)_?images?$/i;

function globalRegistryOf({ global }: Record<string, unknown>): string {
  const registry = textOf((Object(global) as Record<string, unknown>)['imageRegistry']);
  return registry.replace(/\/+$/, '');
}

interface MapPlaces {
  places: ImagePlace[];
  keys: readonly string[];
}

/**
 * The first layout that fits counts, once for the map itself and once for each prefix of its keys. Where that one's name is
 * filled in later, a name under another key of the map is not the image's.
 */
function mapPlaces(map: Record<string, unknown>, around: Surroundings): MapPlaces[] {
  const own = placesOf(map, around, layouts);
  const prefixes = Object.keys(map).flatMap((key) => /^(\w+)ImageTag$/.exec(key)?.[1] ?? []);
  const prefixed = prefixes.map((prefix) => placesOf(map, around, prefixedLayouts(prefix)));
  return [own, ...prefixed].filter((place) => place !== undefined);
}

function placesOf(map: Record<string, unknown>, around: Surroundings, among: readonly Layout[]): MapPlaces | undefined {
  for (const layout of among) {
    if (textOf(map[layout.repository]) === '' || layout.within?.(around.path) === false) continue;
    const names = readNames(map, layout, around);
    if (!names && isFilledIn(map, layout)) return undefined;
    const scalars = names ? scalarsOf(map, layout, around.path) : [];
    if (!names || scalars.length === 0) continue;
    const places = placesAt(around.path, names, scalars);
    return { places: inDoubt(places, doubtAbout(map, layout, around.path)), keys: names.keys };
  }
  return undefined;
}

/** Digests are images' alone. */
function inDoubt(places: ImagePlace[], reason: string | undefined): ImagePlace[] {
  if (reason === undefined) return places;
  return places.map((place) => {
    const isTag = place.scalars.some(({ holds }) => holds === 'tag');
    return isTag && !place.obstacle ? { ...place, obstacle: { kind: 'layout', reason } } : place;
  });
}

function isFilledIn(map: Record<string, unknown>, { registry = '', repository }: Layout): boolean {
  return mayBeFilledIn(textOf(map[registry])) || mayBeFilledIn(textOf(map[repository]));
}

function placesAt(path: YamlPath, names: ImageNames, scalars: ImageScalar[]): ImagePlace[] {
  const place = { image: withParts(names.image, scalars), path, scalars };
  const others = names.others.map(({ image, reason }): ImagePlace => {
    const told = `It cannot be told which image this is: ${reason}`;
    return { ...place, image: withParts(image, scalars), obstacle: { kind: 'layout', reason: told } };
  });
  return [place, ...others];
}

/** An empty tag stands for the chart's own, an empty digest for none. */
function scalarsOf(map: Record<string, unknown>, layout: Layout, path: YamlPath): ImageScalar[] {
  const tag = textOf(map[layout.tag]);
  const scalars: ImageScalar[] = [];
  if (tag !== '') scalars.push({ path: [...path, layout.tag], holds: heldBy(map, layout), text: tag });
  return [...scalars, ...digestsOf(map, layout, path)];
}

function heldBy(map: Record<string, unknown>, { repository, tag }: Layout): ImageScalar['holds'] {
  if (digestMark.test(textOf(map[repository]))) return 'hex';
  return textOf(map[tag]).includes('@') ? 'tag@digest' : 'tag';
}

function digestsOf(map: Record<string, unknown>, layout: Layout, path: YamlPath): ImageScalar[] {
  const digest = textOf(map[layout.digest]);
  if (digest !== '') return [{ path: [...path, layout.digest], holds: 'digest', text: digest }];
  const hex = layout.hex === undefined ? '' : textOf(map[layout.hex]);
  if (layout.hex === undefined || !/^(?:sha256:)?[0-9a-f]{64}$/.test(hex)) return [];
  return [{ path: [...path, layout.hex], holds: hex.includes(':') ? 'digest' : 'hex', text: hex }];
}
