import { type ImageName, sameRepository } from '@shipit/images';
import { type ParsedFile, type Position, readDocuments, type Refusal, type YamlDocument } from '@shipit/yaml-edit';
import { fillingOf, mayBeFilledIn, withRegistry } from './filled-names.js';
import { findImages } from './find-images.js';
import type { ImagePlace } from './image-place.js';

/** A place and its document, whose `positionOf` tells where each of the place's scalars stands. */
export interface LocatedImage extends Position {
  document: YamlDocument;
  place: ImagePlace;
}

export type ImageSearch =
  /** The file is absent where it had not to be read. */
  | { outcome: 'found'; places: LocatedImage[]; file?: ParsedFile }
  | { outcome: 'refused'; refusals: [Refusal, ...Refusal[]] };

/**
 * Every place of a file where the image's repository stands, in documents of any kind.
 * A file that cannot be read is refused where its text seems to name the repository; else nothing stands there.
 */
export function locateImages(text: string, name: ImageName): ImageSearch {
  if (!mayName(text, name)) return { outcome: 'found', places: [] };
  const read = readDocuments(text);
  if (!read.ok)
    return seemsToName(text, name) ? { outcome: 'refused', refusals: read.refusals } : { outcome: 'found', places: [] };
  const lines = text.split('\n');
  const places = read.documents.flatMap((document) =>
    placesOf(text, document, name).map((place) => ({ document, place, ...positionOf(lines, document, place) })),
  );
  return { outcome: 'found', places, file: read.file };
}

/** What stands there for certain, and what would be the image if a registry that is filled in later were its own. */
function placesOf(text: string, { texts }: YamlDocument, name: ImageName): ImagePlace[] {
  const certain = findImages(texts).filter(({ image }) => sameRepository(image, name));
  if (!mayBeFilledIn(text)) return certain;
  const known = new Set(certain.map(({ path }) => JSON.stringify(path)));
  const possible = findImages(withRegistry(texts, name.registry)).filter(
    ({ image, path }) => sameRepository(image, name) && !known.has(JSON.stringify(path)),
  );
  return [...certain, ...possible.map((place) => ({ ...place, obstacle: place.obstacle ?? fillingOf(text) }))];
}

/** What stands in a block of text has the line and column where a reader sees it. */
function positionOf(lines: readonly string[], document: YamlDocument, { path, obstacle }: ImagePlace): Position {
  const start = document.positionOf(path);
  if (!obstacle?.inText) return start;
  const { line, column } = obstacle.inText;
  const [seen, inner] = [lines[start.line + line - 1]?.trimEnd() ?? '', obstacle.inText.seen.trimEnd()];
  return seen.endsWith(inner) ? { line: start.line + line, column: seen.length - inner.length + column } : start;
}

/**
 * False where the image stands nowhere in the text for certain, so that thousands of files need not be parsed.
 * The last part of the name always stands in one value, and has no character that YAML would write as another:
 * only double quotes know escapes and line breaks within words, and those have a backslash.
 */
export function mayName(text: string, name: ImageName): boolean {
  return text.includes(lastPart(name)) || (text.includes('\\') && text.includes('"'));
}

function lastPart({ repository }: ImageName): string {
  return repository.slice(repository.lastIndexOf('/') + 1);
}

/** For text that is no YAML, such as a chart's templates: many name `app`, few the image of that name. */
function seemsToName(text: string, name: ImageName): boolean {
  const last = lastPart(name);
  const word = new RegExp(`(?<![a-z0-9._-])${last.replaceAll('.', '\\.')}(?![a-z0-9._/-])`);
  const isBehindPath = (line: string) => line.includes(`/${last}`) || /image|repository|newName/i.test(line);
  return text.split('\n').some((line) => word.test(line) && isBehindPath(line));
}
