export {
  type ImageName,
  ImageReferenceError,
  formatImage,
  parseImage,
  splitReference,
  tryParseImage,
} from './image-reference.js';
export {
  canonicalRepository,
  type EcrRegistryName,
  formatEcrRegistry,
  parseEcrRegistry,
  sameRepository,
} from './ecr-registry.js';
export { formatTagPolicy, isTagAllowed, parseTagPolicy, type TagPolicy, TagPolicyError } from './tag-policy.js';
export { compareImages, type ImageOrder, type TaggedImage } from './compare-images.js';
export { findForeignKind, type ManifestKind } from './container-image.js';
export { pushIdOf } from './push-id.js';
