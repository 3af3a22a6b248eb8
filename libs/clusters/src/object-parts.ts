import type { KubernetesObject } from '@shipit/health';
import { isTree, type Tree } from './field-ownership.js';

export function identityOf({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  const { name, namespace } = metadata;
  return { apiVersion, kind, metadata: namespace === undefined ? { name } : { name, namespace } };
}

const serverFields = [
  'name',
  'namespace',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'managedFields',
];

/** What a writer can own: not the identity, not what the server sets, not the status. */
export function appliedPart(object: Tree): Tree {
  const { apiVersion: _apiVersion, kind: _kind, status: _status, metadata = {}, ...rest } = object;
  const own = Object.entries(metadata as Tree).filter(([field]) => !serverFields.includes(field));
  return own.length > 0 ? { ...rest, metadata: Object.fromEntries(own) } : rest;
}

/** What the generation counts. */
export function appliedSpec(object: KubernetesObject): Tree {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

/** JSON merge patch, in place. */
export function mergeInto(target: Tree, patch: Tree): Tree {
  for (const [key, value] of Object.entries(patch)) {
    const present = target[key];
    if (value === null) delete target[key];
    else if (isTree(value)) target[key] = mergeInto(isTree(present) ? present : {}, value);
    else target[key] = structuredClone(value);
  }
  return target;
}
