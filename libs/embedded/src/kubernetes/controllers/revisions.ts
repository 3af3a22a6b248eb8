import { numberAt, objectAt, sameJson, type JsonObject } from '../json.js';
import { ownedBy, type KubeObject } from '../objects.js';
import type { Kind } from './controller.js';
import { templateHash } from './rollout.js';

export const REVISION_LABEL = 'controller-revision-hash';

/** The revision of the template that is wanted now; writes it down (as the newest) where it is not. */
export function currentRevision(revisions: Kind, owner: KubeObject): KubeObject {
  const template = objectAt(owner, 'spec', 'template');
  const all = revisions.controlledBy(owner);
  const found = all.find((revision) => sameJson(templateOf(revision), template));
  const newest = Math.max(0, ...all.filter((revision) => revision !== found).map(numberOf));
  if (!found) return createRevision(revisions, owner, newest + 1);
  return numberOf(found) > newest ? found : revisions.update(found, { revision: newest + 1 });
}

export function templateOf(revision: KubeObject): JsonObject {
  return objectAt(revision, 'data', 'spec', 'template');
}

export function revisionOfPod(pod: KubeObject): string | undefined {
  return pod.metadata.labels?.[REVISION_LABEL];
}

function createRevision(revisions: Kind, owner: KubeObject, revision: number): KubeObject {
  const template = objectAt(owner, 'spec', 'template');
  const hash = templateHash(template);
  const labels = { ...objectAt(template, 'metadata', 'labels'), [REVISION_LABEL]: hash };
  const metadata = { name: `${owner.metadata.name}-${hash}`, labels, ownerReferences: [ownedBy(owner)] };
  return revisions.create(owner.metadata.namespace ?? '', { metadata, data: { spec: { template } }, revision });
}

function numberOf(revision: KubeObject): number {
  return numberAt(revision, 'revision') ?? 0;
}
