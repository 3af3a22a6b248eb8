import type { ImageReference } from '@shipit/contracts';
import { type ImageScalar, type ImageToSet, type LocatedImage, locateImages, planImageEdit } from '@shipit/releases';
import type { Refusal, ScalarChange, YamlPath } from '@shipit/yaml-edit';

/** One place of one file, and what became of it. Lines and columns count from 1. */
export interface PlaceReport {
  file: string;
  line?: number;
  column?: number;
  document?: number;
  /** `spec.containers[0].image` */
  path?: string;
  outcome: 'found' | 'changed' | 'same' | 'refused';
  from?: string;
  to?: string;
  reason?: string;
}

export interface FileReport {
  places: PlaceReport[];
  /** Present where the file would be another. */
  edit?: { before: string; after: string };
  /** Something to know although nothing was refused. */
  note?: string;
}

/** What setting the image does to one file. All of a file is done or nothing of it. */
export function setInFile(file: string, bytes: Uint8Array, image: ImageToSet): FileReport {
  const text = decode(bytes);
  if (text === undefined) return notText(file, bytes, image);
  const plan = planImageEdit(text, image);
  const scalars = plan.places.flatMap((located) => located.place.scalars.map((scalar) => ({ located, scalar })));
  if (plan.outcome === 'refused') return { places: refusedPlaces(file, scalars, plan.refusals) };
  const changes = new Map(plan.outcome === 'changed' ? plan.changes.map((change) => [keyOf(change), change]) : []);
  return {
    places: scalars.map((place) => reportOf(file, place, changes)),
    ...(plan.outcome === 'changed' && { edit: { before: text, after: plan.text } }),
    ...(plan.outcome === 'unchanged' &&
      plan.reason === 'pin the digest' && {
        note: `${file} has this tag already and no digest: pin the digest, else a moved tag changes nothing`,
      }),
  };
}

/** Where the image stands in one file; with a tag or a digest asked for, only where it stands so. */
export function findInFile(file: string, bytes: Uint8Array, image: ImageReference): PlaceReport[] {
  const text = decode(bytes);
  if (text === undefined) return notText(file, bytes, image).places;
  const found = locateImages(text, image);
  if (found.outcome === 'refused') return found.refusals.map((refusal) => refusedPlace(file, refusal));
  return found.places
    .filter(({ place }) => image.tag === undefined || place.image.tag === image.tag)
    .filter(({ place }) => image.digest === undefined || place.image.digest === image.digest)
    .map(({ document, place, line, column }) => ({
      file,
      line,
      column,
      document: document.index,
      path: pathText(place.path),
      outcome: 'found',
      from: writtenAs(place.image, place.scalars),
      ...(place.obstacle && { reason: place.obstacle.reason }),
    }));
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A byte order mark is kept. Undefined for what is no UTF-8. */
export function decode(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

function notText(file: string, bytes: Uint8Array, { repository }: ImageReference): FileReport {
  const isNamed = Buffer.from(bytes).includes(repository.slice(repository.lastIndexOf('/') + 1));
  return { places: isNamed ? [{ file, outcome: 'refused', reason: 'The file is no UTF-8' }] : [] };
}

interface LocatedScalar {
  located: LocatedImage;
  scalar: ImageScalar;
}

function reportOf(
  file: string,
  { located, scalar }: LocatedScalar,
  changes: ReadonlyMap<string, ScalarChange>,
): PlaceReport {
  const { document } = located;
  const path = pathText(scalar.path);
  const change = changes.get(keyOf({ document: document.index, path: scalar.path }));
  const { line, column } = document.positionOf(scalar.path);
  return {
    ...{ file, line, column, document: document.index, path, outcome: change ? 'changed' : 'same' },
    ...{ from: scalar.text, to: change?.to ?? scalar.text },
  };
}

/** The places that were refused, and those of the file that were not changed for it. */
function refusedPlaces(file: string, scalars: readonly LocatedScalar[], refusals: readonly Refusal[]): PlaceReport[] {
  const places = refusals.map((refusal) => refusedPlace(file, refusal));
  const refused = new Set(refusals.map(({ document = -1, path = [] }) => keyOf({ document, path })));
  const others = scalars.filter(({ located, scalar }) => !isWithin(located.document.index, scalar.path, refused));
  const reason = 'Not changed, because another place of this file was refused';
  return [
    ...places,
    ...others.map(({ located, scalar }) => ({
      ...{ file, ...located.document.positionOf(scalar.path), document: located.document.index },
      ...{ path: pathText(scalar.path), outcome: 'refused' as const, from: scalar.text, reason },
    })),
  ];
}

function isWithin(document: number, path: YamlPath, refused: ReadonlySet<string>): boolean {
  return [...path, ''].some((_step, at) => refused.has(keyOf({ document, path: path.slice(0, at) })));
}

function keyOf({ document, path }: { document: number; path: YamlPath }): string {
  return `${document} ${pathText(path)}`;
}

function refusedPlace(file: string, { line, column, document, path, reason }: Refusal): PlaceReport {
  return {
    ...{ file, line, column, outcome: 'refused' as const, reason },
    ...(document !== undefined && { document }),
    ...(path && { path: pathText(path) }),
  };
}

function writtenAs({ tag, digest }: ImageReference, scalars: readonly ImageScalar[]): string {
  const known = `${tag ?? ''}${digest === undefined ? '' : `@${digest}`}`;
  return known || (scalars[0]?.text ?? '');
}

/** `a.b[0].c`, with keys that are no plain words in quotes. */
function pathText(path: YamlPath): string {
  const steps = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    return /^[\w-]+$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return steps.join('').replace(/^\./, '');
}
