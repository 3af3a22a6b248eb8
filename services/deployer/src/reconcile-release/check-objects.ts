import { type Cluster, ClusterError, isClusterError } from '@shipit/clusters';
import type { KubernetesObject } from '@shipit/health';
import { describe, eachOf, ownerOf, readLive } from './object-identity.js';
import type { Target } from './target.js';

const atOnce = 4;

/**
 * Asks the cluster about every object before the first is applied: does it know the kind, does the object belong to
 * another release, would it accept it. Returns what speaks against it; nothing is changed.
 *
 * @param expectedKinds kinds that the chart's own definitions bring.
 * @throws ClusterError where the cluster cannot be asked now.
 */
export async function checkObjects(
  objects: readonly KubernetesObject[],
  target: Target,
  expectedKinds: ReadonlySet<string>,
): Promise<string[]> {
  const problems = await eachOf(objects, atOnce, (object) => checkObject(object, target, expectedKinds));
  return problems.filter((problem) => problem !== undefined);
}

async function checkObject(
  object: KubernetesObject,
  target: Target,
  expectedKinds: ReadonlySet<string>,
): Promise<string | undefined> {
  const { cluster } = target;
  if ((await cluster.scopeOf(object.apiVersion, object.kind)) === undefined) {
    if (expectedKinds.has(object.kind)) return undefined;
    return `${describe(object)}: the cluster has no kind ${object.kind} in ${object.apiVersion}`;
  }
  const live = await readLive(object, target);
  const owner = live && ownerOf(live);
  if (owner && (owner.name !== target.name || owner.namespace !== target.namespace)) {
    return `${describe(object)} belongs to release ${owner.namespace}/${owner.name}`;
  }
  return tryApply(object, cluster, live);
}

async function tryApply(
  object: KubernetesObject,
  cluster: Cluster,
  live: KubernetesObject | undefined,
): Promise<string | undefined> {
  try {
    await cluster.apply(object, { dryRun: true });
    return undefined;
  } catch (error) {
    if (!isClusterError(error) || error.isTransient) throw error;
    if (live && mayBeRecreated(object, error)) return undefined;
    return explain(object, error);
  }
}

/** A field that cannot be changed, on an object whose owner said that it may be made anew. */
export function mayBeRecreated(object: KubernetesObject, error: ClusterError): boolean {
  return (
    error.reason === 'Invalid' &&
    /immutable|may not be (changed|updated)|are forbidden/i.test(error.message) &&
    object.metadata.annotations?.['shipit.dev/recreate'] === 'true'
  );
}

function explain(object: KubernetesObject, error: ClusterError): string {
  const conflicts = error.conflicts.map(({ manager, field }) => `${field} belongs to ${manager}`);
  return conflicts.length > 0 ? `${describe(object)}: ${conflicts.join(', ')}` : error.message;
}
