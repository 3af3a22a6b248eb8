export { EcrRegistry, type EcrRegistryOptions } from './ecr-registry.js';
export {
  type DescribedImage,
  type FoundImage,
  type ImageRepository,
  Registry,
  type TaggedRepository,
} from './registry.js';
export { RegistryError } from './registry-error.js';
