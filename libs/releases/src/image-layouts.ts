import type { YamlPath } from '@shipit/yaml-edit';

/** The keys of one map that hold the parts of one image. */
export interface Layout {
  registry?: string;
  isRegistryNeeded?: true;
  repository: string;
  /** Keys that beside the repository may hold the last part of the name. */
  parts?: readonly string[];
  tag: string;
  digest: string;
  /** The digest without its algorithm. */
  hex?: string;
  /** Where the map must stand: these keys alone could be anything. */
  within?: (path: YamlPath) => boolean;
}

/** Keys under which charts and tools keep an image's parts in one map. The first layout that fits counts. */
export const layouts: readonly Layout[] = [
  {
    ...{ registry: 'registry', repository: 'repository', parts: ['image', 'name'] },
    ...{ tag: 'tag', digest: 'digest', hex: 'sha', within: isNoSource },
  },
  { registry: 'hub', isRegistryNeeded: true, repository: 'image', tag: 'tag', digest: 'digest' },
  { registry: 'registry', repository: 'image', tag: 'tag', digest: 'digest', hex: 'sha' },
  ...pairs({ registry: 'imageRegistry', tag: 'imageTag', digest: 'imageDigest' }, [
    'imageRepository',
    'imageName',
    'image',
  ]),
  ...pairs({ registry: 'image_registry', tag: 'image_tag', digest: 'image_digest' }, [
    'image_repository',
    'image_name',
    'image',
  ]),
  { repository: 'newName', tag: 'newTag', digest: 'digest', within: isOverride },
  { repository: 'name', tag: 'newTag', digest: 'digest', within: isOverride },
  { registry: 'registry', repository: 'name', tag: 'tag', digest: 'digest', within: isImage },
];

/** `webImageRepository` or `webImage` with `webImageTag`. */
export function prefixedLayouts(prefix: string): Layout[] {
  const [registry, tag, digest] = [`${prefix}ImageRegistry`, `${prefix}ImageTag`, `${prefix}ImageDigest`];
  return pairs({ registry, tag, digest }, [`${prefix}ImageRepository`, `${prefix}ImageName`, `${prefix}Image`]);
}

/** Of the keys that may hold the name the first holds the path before it where the second is there, too. */
function pairs(keys: Omit<Layout, 'repository'>, [path, name, image]: [string, string, string]): Layout[] {
  return [
    { ...keys, repository: path, parts: [name] },
    ...[name, image].map((repository) => ({ ...keys, repository })),
  ];
}

/** An item of the `images` of a kustomization. */
function isOverride(path: YamlPath): boolean {
  return typeof path.at(-1) === 'number' && path.at(-2) === 'images';
}

/** `image`, `sidecarImage`, an item of `images: [...]` or a named part of `images: {...}`. */
export function isImage(path: YamlPath): boolean {
  return /image$/i.test(String(path.at(-1))) || /images$/i.test(String(path.at(-2)));
}

/** Code and charts have repositories and tags, too: `git: {…}`, `chart: {spec: {…}}`, an item of `dependencies: […]`. */
function isNoSource(path: YamlPath): boolean {
  const [at, above] = [String(path.at(-1)), String(path.at(-2))];
  if (typeof path.at(-1) === 'number') return !sourceLists.test(above);
  return !source.test(at) && !(at === 'spec' && source.test(above));
}

const source =
  /^(?:git|github|gitlab|bitbucket|scm|vcs|source|chart|helm_?chart|git(?:hub|lab)?_?(?:repo|repository|source|release)|source_?(?:repo|repository))$/i;
const sourceLists = /^(?:dependencies|(?:helm_?)?charts|(?:git_?)?sources|git_?(?:repos|repositories))$/i;
