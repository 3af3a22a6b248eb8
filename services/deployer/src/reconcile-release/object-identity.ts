import { describeRef, type ObjectRef, refOf } from '@shipit/clusters';
import { groupOf, type KubernetesObject } from '@shipit/health';
import type { Target } from './target.js';

/** The same object in whatever version of its API. */
export function identityOf(object: KubernetesObject): string {
  const { name, namespace } = object.metadata;
  return [groupOf(object.apiVersion), object.kind, namespace ?? '', name].join('/');
}

export function describe(object: KubernetesObject): string {
  return describeRef(refOf(object));
}

/** Reads and writes need the namespace: objects of namespaced kinds get the release's where the chart names none. */
export async function inNamespace(object: KubernetesObject, target: Target): Promise<KubernetesObject> {
  if (object.metadata.namespace !== undefined) return object;
  const scope = await target.cluster.scopeOf(object.apiVersion, object.kind);
  if (scope !== 'Namespaced') return object;
  return { ...object, metadata: { ...object.metadata, namespace: target.namespace } };
}

/** Whether an object bears another release's name, as Helm marks what it owns. */
export function ownerOf(object: KubernetesObject): { name: string; namespace: string } | undefined {
  const annotations = object.metadata.annotations ?? {};
  const name = annotations['meta.helm.sh/release-name'];
  if (name === undefined) return undefined;
  return { name, namespace: annotations['meta.helm.sh/release-namespace'] ?? '' };
}

export function isOwnedBy(object: KubernetesObject, target: Target): boolean {
  const owner = ownerOf(object);
  return owner?.name === target.name && owner.namespace === target.namespace;
}

export function isKept(object: KubernetesObject): boolean {
  return object.metadata.annotations?.['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep';
}

/** The live object, whatever else it is. */
export async function readLive(object: KubernetesObject, target: Target): Promise<KubernetesObject | undefined> {
  return target.cluster.read(refOf(object) satisfies ObjectRef);
}

/** Does something to each, a few at a time, in order of start. */
export async function eachOf<T, R>(items: readonly T[], atOnce: number, act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(act))));
  }
  return results;
}
