import { createHash } from 'node:crypto';
import { helmReleaseCrd } from '@shipit/contracts';
import { type Cluster, refOf } from '@shipit/clusters';
import { conditionOf } from '@shipit/health';
import type { Clock } from '@shipit/platform';
import { canonicalJson } from './canonical-json.js';
import { syncFieldManager } from './release-objects.js';

const digestAnnotation = 'shipit.dev/definition';
const patienceMs = 30_000;

/** Installs the definition of HelmRelease where it is absent or another one, and waits until the cluster serves it. */
export async function installCrd(cluster: Cluster, clock: Clock, signal: AbortSignal): Promise<void> {
  const crd = helmReleaseCrd();
  const digest = createHash('sha256').update(canonicalJson(crd)).digest('hex');
  const known = await cluster.read(refOf(crd));
  if (known?.metadata.annotations?.[digestAnnotation] !== digest) {
    const marked = { ...crd, metadata: { ...crd.metadata, annotations: { [digestAnnotation]: digest } } };
    await cluster.apply(marked, { fieldManager: syncFieldManager, force: true });
  }
  const until = clock.now().getTime() + patienceMs;
  while (clock.now().getTime() < until && !(await isServed(cluster))) await clock.sleep(200, signal);
}

async function isServed(cluster: Cluster): Promise<boolean> {
  const live = await cluster.read(refOf(helmReleaseCrd()));
  if (!live || conditionOf(live, 'Established')?.status === 'False') return false;
  return (await cluster.scopeOf('shipit.dev/v1beta1', 'HelmRelease')) !== undefined;
}
