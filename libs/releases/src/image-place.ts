import type { ImageReference } from '@shipit/contracts';
import { tryParseImage } from '@shipit/images';
import type { Position, RefusalKind, YamlPath } from '@shipit/yaml-edit';

/** One scalar that holds a part of an image, with the text that stands there now. */
export interface ImageScalar {
  path: YamlPath;
  /** `hex` is a sha256 digest without its algorithm. */
  holds: 'tag' | 'digest' | 'hex' | 'tag@digest' | 'reference';
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
  /** Why the image is told and cannot be set here. */
  obstacle?: Obstacle;
}

export interface Obstacle {
  kind: RefusalKind;
  reason: string;
  /** Where in the text at the path the image stands, and the whole line there. */
  inText?: Position & { seen: string };
}

/** Tag and digest as the scalars have them, where they are such. */
export function withParts(image: ImageReference, scalars: readonly ImageScalar[]): ImageReference {
  const part = (holds: ImageScalar['holds']) => scalars.find((scalar) => scalar.holds === holds)?.text;
  const hex = part('hex');
  const apart = [part('tag'), part('digest') ?? (hex && `sha256:${hex}`)];
  const [tag, digest] = part('tag@digest')?.split('@') ?? apart;
  const whole = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  const parts = tryParseImage(`x${whole}`);
  return { ...image, ...(parts && { ...parts, registry: image.registry, repository: image.repository }) };
}
