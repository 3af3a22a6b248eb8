import type { RenderedChart } from '@shipit/charts';
import { fieldAt, type KubernetesObject, numberAt, textAt } from '@shipit/health';
import { inNamespace, readLive } from './object-identity.js';
import type { Target } from './target.js';

/** Objects as they are applied: in a namespace, and with the number of replicas that an autoscaler has set. */
export async function prepareObjects(
  manifests: readonly KubernetesObject[],
  target: Target,
): Promise<KubernetesObject[]> {
  const objects: KubernetesObject[] = [];
  for (const manifest of manifests) objects.push(await inNamespace(manifest, target));
  if (!objects.some((object) => numberAt(object, 'spec', 'replicas') !== undefined)) return objects;
  const scaled = await autoscaledIn(objects, target);
  if (scaled.size === 0) return objects;
  return Promise.all(
    objects.map(async (object) => (scaled.has(scaleKey(object)) ? withLiveReplicas(object, target) : object)),
  );
}

/** Kinds that a chart's `crds/` folder defines: the cluster may not know them yet. */
export function kindsOfCrds(crds: RenderedChart['crds']): Set<string> {
  return new Set(crds.map((crd) => textAt(crd, 'spec', 'names', 'kind')));
}

async function autoscaledIn(
  objects: readonly KubernetesObject[],
  { cluster, namespace }: Target,
): Promise<Set<string>> {
  const isServed = (await cluster.scopeOf('autoscaling/v2', 'HorizontalPodAutoscaler')) !== undefined;
  const live = isServed
    ? await cluster.list({ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', namespace })
    : [];
  const scalers = [...live, ...objects.filter(({ kind }) => kind === 'HorizontalPodAutoscaler')];
  return new Set(
    scalers.map(
      (scaler) =>
        `${textAt(scaler, 'spec', 'scaleTargetRef', 'kind')}/${textAt(scaler, 'spec', 'scaleTargetRef', 'name')}`,
    ),
  );
}

function scaleKey({ kind, metadata }: KubernetesObject): string {
  return `${kind}/${metadata.name}`;
}

async function withLiveReplicas(object: KubernetesObject, target: Target): Promise<KubernetesObject> {
  const replicas = numberAt(await readLive(object, target), 'spec', 'replicas');
  if (replicas === undefined) return object;
  return { ...object, spec: { ...(fieldAt(object, 'spec') as object), replicas } };
}
