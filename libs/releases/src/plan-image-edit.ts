import type { ImageReference } from '@shipit/contracts';
import { splitReference } from '@shipit/images';
import { type Refusal, type RefusalKind, type ScalarChange, type ScalarEdit, setScalars } from '@shipit/yaml-edit';
import type { ImagePlace, ImageScalar } from './image-place.js';
import { type LocatedImage, locateImages } from './locate-images.js';

export interface ImageToSet extends ImageReference {
  tag: string;
}

/** With the places where the image's repository stands, as far as the file could be read. */
export type ImageEditPlan = { places: readonly LocatedImage[] } & (
  | { outcome: 'changed'; text: string; changes: ScalarChange[] }
  /** `pin the digest`: the tag stands there already and no digest beside it, so a moved tag cannot be told apart. */
  | { outcome: 'unchanged'; reason: 'same' | 'pin the digest' | 'not used here' }
  | { outcome: 'refused'; refusals: [Refusal, ...Refusal[]] }
);

/** Sets the image in every place of the file where its repository stands, or only in the documents named. All or nothing. */
export function planImageEdit(text: string, image: ImageToSet, documents?: readonly number[]): ImageEditPlan {
  const found = locateImages(text, image);
  if (found.outcome === 'refused') return { ...found, places: [] };
  const places = found.places.filter(({ document }) => documents?.includes(document.index) ?? true);
  if (places.length === 0) return { outcome: 'unchanged', reason: 'not used here', places };
  const edits = places.flatMap((located) => editsOf(located, image));
  const [first, ...rest] = edits.filter((edit) => 'reason' in edit);
  if (first) return { outcome: 'refused', refusals: [first, ...rest], places };
  const result = setScalars(found.file ?? text, edits as ScalarEdit[]);
  if (!result.ok) return { outcome: 'refused', refusals: result.refusals, places };
  if (result.changes.length > 0) return { outcome: 'changed', text: result.text, changes: result.changes, places };
  const isPinned = image.digest === undefined || places.every(({ place }) => hasDigest(place));
  return { outcome: 'unchanged', reason: isPinned ? 'same' : 'pin the digest', places };
}

function editsOf({ document, place, line, column }: LocatedImage, image: ImageToSet): (ScalarEdit | Refusal)[] {
  const refuse = (reason: string, kind: RefusalKind = 'layout'): Refusal[] => [
    { kind, reason, document: document.index, path: place.path, line, column },
  ];
  if (place.obstacle) return refuse(place.obstacle.reason, place.obstacle.kind);
  if (place.scalars.length === 0) return refuse('The image has neither tag nor digest here: write one');
  if (isNoImage(place)) return refuse('What stands here is no image tag');
  if (hasDigest(place) && image.digest === undefined)
    return refuse('The image is pinned by digest here, and the new digest is not known');
  return place.scalars.map((scalar) => ({
    document: document.index,
    path: scalar.path,
    value: newText(scalar, image),
  }));
}

/** Substitutions, templates and what an annotation names and is not there pass: the editor refuses them with their own reason. */
function isNoImage({ image, scalars }: ImagePlace): boolean {
  return (
    image.tag === undefined &&
    image.digest === undefined &&
    !scalars.some(({ text }) => text === '' || /[{<]/.test(text))
  );
}

function hasDigest({ scalars }: ImagePlace): boolean {
  return scalars.some(({ holds, text }) => holds === 'digest' || holds === 'hex' || text.includes('@'));
}

/** Checked before: a digest is only asked for where one is known. The name keeps the form in which it was written. */
function newText({ holds, text }: ImageScalar, { tag, digest = '' }: ImageToSet): string {
  if (holds === 'tag') return tag;
  if (holds === 'digest') return digest;
  if (holds === 'hex') return digest.replace(/^sha256:/, '');
  if (holds === 'tag@digest') return `${tag}@${digest}`;
  const now = splitReference(text);
  return `${now.name}${now.tag === undefined ? '' : `:${tag}`}${now.digest === undefined ? '' : `@${digest}`}`;
}
