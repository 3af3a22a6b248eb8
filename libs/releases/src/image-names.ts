import type { ImageReference } from '@shipit/contracts';
import { tryParseImage } from '@shipit/images';
import type { YamlPath } from '@shipit/yaml-edit';
import { isImage, type Layout } from './image-layouts.js';

export interface ImageNames {
  image: ImageReference;
  /** What the same keys mean to other charts, with why nobody can tell. */
  others: readonly { image: ImageReference; reason: string }[];
  /** The keys whose texts were read. */
  keys: readonly string[];
}

export interface Surroundings {
  path: YamlPath;
  /** `global.imageRegistry` of the values around: charts that know it put it in the place of the registry. */
  globalRegistry: string;
}

/** The name that the keys of a layout make, without tag and digest; undefined where they make none. */
export function readNames(
  map: Readonly<Record<string, unknown>>,
  layout: Layout,
  { path, globalRegistry }: Surroundings,
): ImageNames | undefined {
  const repository = textOf(map[layout.repository]).replace(digestMark, '');
  const registries = readRegistry(map, layout, { repository, globalRegistry });
  if (!registries) return undefined;
  const part = layout.parts?.find((key) => isPart(textOf(map[key]), repository));
  const isPartFirst = part !== 'name' || isImage(path);
  const [written, otherwise] = readRepository(repository, part === undefined ? '' : textOf(map[part]), isPartFirst);
  const [registry, ownRegistry] = registries;
  const image = imageOf(registry, written);
  if (!image) return undefined;
  const others = [
    { image: otherwise && imageOf(registry, otherwise), reason: `${part} stands beside ${layout.repository}` },
    { image: wholeNameOf(part && textOf(map[part])), reason: `${part} stands beside ${layout.repository}` },
    { image: ownRegistry && imageOf(ownRegistry, written), reason: 'global.imageRegistry is set' },
  ];
  return {
    image,
    others: others.flatMap((other) => (other.image ? [{ ...other, image: other.image }] : [])),
    keys: part === undefined ? [layout.repository] : [layout.repository, part],
  };
}

/** What names a registry itself is more than a part of a name. */
function wholeNameOf(text = ''): ImageReference | undefined {
  const slash = text.indexOf('/');
  return slash > 0 && isHost(text.slice(0, slash)) ? imageOf('', text) : undefined;
}

/** Behind the name, it makes the tag a digest without its algorithm: Helm's templates write `repository:tag`. */
export const digestMark = /@sha256$/;

/** A name that the repository ends with already says nothing new, such as that of a container. */
function isPart(text: string, repository: string): boolean {
  if (text === '' || !/^[a-z0-9][a-z0-9/._-]*$/.test(text)) return false;
  return repository !== text && !repository.endsWith(`/${text}`);
}

/** The repository as it is most likely meant, and as it may be meant as well. */
function readRepository(repository: string, part: string, isPartFirst: boolean): [string, string | undefined] {
  if (part === '') return [repository, undefined];
  const whole = `${repository.replace(/\/+$/, '')}/${part}`;
  if (isHost(repository)) return [whole, undefined];
  return isPartFirst ? [whole, repository] : [repository, whole];
}

/** The registry that counts, and the image's own where that of the values around takes its place. */
function readRegistry(
  map: Readonly<Record<string, unknown>>,
  layout: Layout,
  { repository, globalRegistry }: { repository: string; globalRegistry: string },
): [string, string | undefined] | undefined {
  const own = textOf(layout.registry && map[layout.registry]).replace(/\/+$/, '');
  if (layout.isRegistryNeeded && own === '') return undefined;
  const isGlobal = layout.registry !== undefined && (own !== '' || !isHost(repository.split('/')[0] ?? ''));
  return isGlobal && !['', own].includes(globalRegistry) ? [globalRegistry, own || 'docker.io'] : [own, undefined];
}

function isHost(text: string): boolean {
  return !text.includes('/') && (/[.:]/.test(text) || text === 'localhost');
}

function imageOf(registry: string, repository: string): ImageReference | undefined {
  const image = tryParseImage(registry === '' ? repository : `${registry}/${repository}`);
  return image?.tag === undefined && image?.digest === undefined ? image : undefined;
}

/** Among texts null is what was written, and means that nothing is. */
export function textOf(value: unknown): string {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return /^(?:~|null|Null|NULL)$/.test(text) ? '' : text;
}
