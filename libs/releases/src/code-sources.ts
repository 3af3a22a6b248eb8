import type { YamlPath } from '@shipit/yaml-edit';
import { isImage, type Layout } from './image-layouts.js';
import { textOf } from './image-names.js';

/** Why the `tag` of a map may be that of code or of a chart named beside the image. */
export function doubtAbout(
  map: Readonly<Record<string, unknown>>,
  { repository, tag }: Layout,
  path: YamlPath,
): string | undefined {
  if (tag !== 'tag') return undefined;
  const key = repository === 'repository' && !isImage(path) ? keyOfSource(map, path) : undefined;
  const found = key ?? addressKey(map, repository, path);
  return (
    found && `The tag may be that of code or of a chart, which ${found} tells of: keep the image in a map of its own`
  );
}

const revisions = ['ref', 'rev', 'revision', 'targetRevision', 'commit'];

/** What makes a repository that looks like an image's one of code, which has no registry before it, or a chart's. */
function keyOfSource(map: Readonly<Record<string, unknown>>, path: YamlPath): string | undefined {
  if (has(map, 'version') && has(map, 'name')) return 'version';
  if (has(map, 'chart')) return 'chart';
  if (has(map, 'registry') || /[.:].*\//.test(textOf(map['repository']))) return undefined;
  return path.at(-1) === 'with' ? 'repository' : [...revisions, 'branch'].find((key) => has(map, key));
}

/** A key beside the image's own that holds the address of code, where no other key says which revision of it. */
function addressKey(map: Readonly<Record<string, unknown>>, own: string, path: YamlPath): string | undefined {
  if (revisions.some((key) => has(map, key))) return undefined;
  const keys = isImage(path) ? ['repository'] : Object.keys(map);
  return keys.find((key) => key !== own && isAddress(key, textOf(map[key])));
}

function isAddress(key: string, text: string): boolean {
  if (/^(?:git|ssh|git\+\w+):\/\/|^git@|^\S+\.git$/.test(text)) return true;
  return /^(?:https?|oci):\/\//.test(text) && sourceKey.test(key);
}

const sourceKey = /^(?:git|scm|vcs|source|repo|repository|(?:git|source|chart)[_-]?(?:repo|repository))[_-]?(?:url)?$/i;

function has(map: Readonly<Record<string, unknown>>, key: string): boolean {
  return textOf(map[key]) !== '';
}
