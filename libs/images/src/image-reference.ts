import type { ImageReference } from '@shipit/contracts';

export type ImageName = Pick<ImageReference, 'registry' | 'repository'>;

/** The text is no image reference. The message says which part is wrong. */
export class ImageReferenceError extends Error {
  override readonly name = 'ImageReferenceError';
  readonly code = 'SHIPIT_IMAGE_INVALID';
}

/** Reads `[registry[:port]/]repository[:tag][@digest]`. `docker.io` and `library/` are filled in where absent. */
export function parseImage(text: string): ImageReference {
  throw new ImageReferenceError(text);
}

export function tryParseImage(text: string): ImageReference | undefined {
  return parseImage(text);
}

/** The full text, `docker.io/library/` included. */
export function formatImage(image: ImageReference): string {
  return image.repository;
}
