import { numberAt, objectAt, sameJson, textAt, type JsonObject } from '../json.js';
import { ownedBy, type KubeObject } from '../objects.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { deploymentStatus, secondsToDeadline } from './deployment-status.js';
import { recordEvent } from './event-recorder.js';
import { ownerKeys } from './replica-sets.js';
import {
  HASH_LABEL,
  isPaused,
  plainTemplate,
  planRecreate,
  planRollingUpdate,
  REVISION,
  revisionOf,
  rolloutLimits,
  templateHash,
  viewOf,
} from './rollout.js';

export interface DeploymentKinds {
  deployments: Kind;
  replicaSets: Kind;
  events: Kind;
}

export class DeploymentController implements Controller {
  readonly name = 'deployment-controller';

  constructor(private readonly kinds: DeploymentKinds) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.deployments.storage) return [keyOf(object)];
    return storage === this.kinds.replicaSets.storage ? ownerKeys(object, 'Deployment') : [];
  }

  reconcile(key: string): number | undefined {
    const live = this.kinds.deployments.get(key);
    if (!live || live.metadata.deletionTimestamp) return undefined;
    const sets = this.kinds.replicaSets.controlledBy(live);
    const fresh = this.currentSet(live, sets);
    const deployment = this.noteRevision(live, fresh);
    const old = sets.filter((set) => set.metadata.uid !== fresh?.metadata.uid);
    if (fresh) this.resize(deployment, fresh, old);
    this.forgetOld(deployment, old);
    return this.tellStatus(deployment, fresh);
  }

  /** The replica set of the template that is wanted now; it becomes the newest revision. */
  private currentSet(deployment: KubeObject, sets: KubeObject[]): KubeObject | undefined {
    const template = objectAt(deployment, 'spec', 'template');
    const found = sets.find((set) => sameJson(plainTemplate(set), plainTemplate(deployment)));
    const newest = Math.max(0, ...sets.filter((set) => set !== found).map(revisionOf));
    if (!found) return isPaused(deployment) ? undefined : this.createSet(deployment, template, newest + 1);
    if (revisionOf(found) > newest) return found;
    return this.kinds.replicaSets.update(found, { metadata: annotated(found, { [REVISION]: String(newest + 1) }) });
  }

  private createSet(deployment: KubeObject, template: JsonObject, revision: number): KubeObject {
    const { name, namespace = '' } = deployment.metadata;
    const hash = templateHash(template);
    const labels = { ...objectAt(template, 'metadata', 'labels'), [HASH_LABEL]: hash };
    const selector = objectAt(deployment, 'spec', 'selector');
    const minReadySeconds = numberAt(deployment, 'spec', 'minReadySeconds');
    const metadata = {
      name: `${name}-${hash}`,
      labels,
      annotations: { [REVISION]: String(revision) },
      ownerReferences: [ownedBy(deployment)],
    };
    return this.kinds.replicaSets.create(namespace, {
      metadata,
      spec: {
        replicas: 0,
        ...(minReadySeconds !== undefined && { minReadySeconds }),
        selector: { ...selector, matchLabels: { ...objectAt(selector, 'matchLabels'), [HASH_LABEL]: hash } },
        template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } },
      },
    });
  }

  private noteRevision(deployment: KubeObject, fresh: KubeObject | undefined): KubeObject {
    const revision = fresh ? String(revisionOf(fresh)) : undefined;
    if (revision === undefined || textAt(deployment, 'metadata', 'annotations', REVISION) === revision)
      return deployment;
    return this.kinds.deployments.update(deployment, { metadata: annotated(deployment, { [REVISION]: revision }) });
  }

  private resize(deployment: KubeObject, fresh: KubeObject, old: KubeObject[]): void {
    const limits = rolloutLimits(deployment);
    const views = old.map(viewOf);
    const isRecreate = textAt(deployment, 'spec', 'strategy', 'type') === 'Recreate';
    const sizes = isRecreate
      ? planRecreate(viewOf(fresh), views, limits.replicas)
      : planRollingUpdate(viewOf(fresh), views, limits);
    for (const set of [fresh, ...old]) {
      const size = sizes.get(set.metadata.name);
      const from = numberAt(set, 'spec', 'replicas') ?? 0;
      if (size === undefined || size === from) continue;
      this.kinds.replicaSets.update(set, { spec: { ...objectAt(set, 'spec'), replicas: size } });
      const message = `Scaled ${size > from ? 'up' : 'down'} replica set ${set.metadata.name} from ${from} to ${size}`;
      recordEvent(this.kinds.events, this.name, deployment, { type: 'Normal', reason: 'ScalingReplicaSet', message });
    }
  }

  private forgetOld(deployment: KubeObject, old: KubeObject[]): void {
    const limit = numberAt(deployment, 'spec', 'revisionHistoryLimit') ?? 10;
    const idle = old.filter(
      (set) => numberAt(set, 'spec', 'replicas') === 0 && (numberAt(set, 'status', 'replicas') ?? 0) === 0,
    );
    const surplus = idle
      .sort((left, right) => revisionOf(left) - revisionOf(right))
      .slice(0, Math.max(0, old.length - limit));
    for (const set of surplus) this.kinds.replicaSets.delete(set);
  }

  private tellStatus(deployment: KubeObject, fresh: KubeObject | undefined): number | undefined {
    const sets = this.kinds.replicaSets.controlledBy(deployment);
    const current = sets.find((set) => set.metadata.uid === fresh?.metadata.uid);
    const status = deploymentStatus(deployment, current, sets);
    const told = this.kinds.deployments.updateStatus(deployment, status);
    const left = secondsToDeadline(told);
    return left === undefined ? undefined : Math.max(0, left) * 1000 + 100;
  }
}

function annotated(object: KubeObject, annotations: Record<string, string>): JsonObject {
  return { ...object.metadata, annotations: { ...object.metadata.annotations, ...annotations } };
}
