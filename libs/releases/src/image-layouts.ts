import type { YamlPath } from '@shipit/yaml-edit';

/** The keys of one map that hold the parts of one image. */
export interface Layout {
  registry?: string;
  repository: string;
  tag: string;
  digest: string;
  /** Where the map must stand: these keys alone could be anything. */
  within?: (path: YamlPath) => boolean;
}

/** Keys under which charts and tools keep an image's parts in one map. The first layout that fits counts. */
export const layouts: readonly Layout[] = [
  { registry: 'registry', repository: 'repository', tag: 'tag', digest: 'digest' },
  { registry: 'registry', repository: 'image', tag: 'tag', digest: 'digest' },
  { registry: 'imageRegistry', repository: 'imageRepository', tag: 'imageTag', digest: 'imageDigest' },
  { registry: 'imageRegistry', repository: 'imageName', tag: 'imageTag', digest: 'imageDigest' },
  { registry: 'imageRegistry', repository: 'image', tag: 'imageTag', digest: 'imageDigest' },
  { repository: 'newName', tag: 'newTag', digest: 'digest', within: isOverride },
  { repository: 'name', tag: 'newTag', digest: 'digest', within: isOverride },
  { registry: 'registry', repository: 'name', tag: 'tag', digest: 'digest', within: isImage },
];

/** An item of the `images` of a kustomization. */
function isOverride(path: YamlPath): boolean {
  return typeof path.at(-1) === 'number' && path.at(-2) === 'images';
}

/** `image`, `sidecarImage`, an item of `images: [...]` or a named part of `images: {...}`. */
function isImage(path: YamlPath): boolean {
  return /image$/i.test(String(path.at(-1))) || /images$/i.test(String(path.at(-2)));
}
