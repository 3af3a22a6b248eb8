import { idOf, type PushedImage } from '@shipit/contracts';
import { canonicalRepository } from './ecr-registry.js';

/** The same push has the same id, whoever finds it. A tag moved to an image of before is told apart by the time of the move. */
export function pushIdOf(image: PushedImage, movedAt = ''): string {
  return idOf(canonicalRepository(image), image.tag, image.digest, movedAt);
}
