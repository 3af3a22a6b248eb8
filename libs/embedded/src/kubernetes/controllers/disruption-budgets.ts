import { matchesLabels } from '../api/label-selector.js';
import { at, objectAt } from '../json.js';
import type { KubeObject } from '../objects.js';
import { isTrue, withConditions } from './conditions.js';
import { keyOf, type Controller, type Kind } from './controller.js';
import { isActivePod } from './replica-sets.js';
import { share } from './rollout.js';

/** Counts how many pods may be disrupted. Nothing evicts here. */
export class DisruptionBudgetController implements Controller {
  readonly name = 'disruption-controller';

  constructor(private readonly kinds: { budgets: Kind; pods: Kind }) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    if (storage === this.kinds.budgets.storage) return [keyOf(object)];
    if (storage !== this.kinds.pods.storage) return [];
    return this.kinds.budgets
      .list(object.metadata.namespace)
      .filter((budget) => covers(budget, object))
      .map(keyOf);
  }

  reconcile(key: string): number | undefined {
    const budget = this.kinds.budgets.get(key);
    if (!budget) return undefined;
    const pods = this.kinds.pods
      .list(budget.metadata.namespace)
      .filter((pod) => covers(budget, pod) && isActivePod(pod));
    const currentHealthy = pods.filter((pod) => isTrue(pod, 'Ready')).length;
    const { minAvailable, maxUnavailable } = objectAt(budget, 'spec');
    const desiredHealthy =
      maxUnavailable === undefined
        ? share(minAvailable ?? 1, pods.length, Math.ceil)
        : Math.max(0, pods.length - share(maxUnavailable, pods.length, Math.ceil));
    const disruptionsAllowed = Math.max(0, Math.min(currentHealthy, pods.length) - desiredHealthy);
    const [status, reason] =
      disruptionsAllowed > 0 ? (['True', 'SufficientPods'] as const) : (['False', 'InsufficientPods'] as const);
    const observedGeneration = budget.metadata.generation;
    const conditions = withConditions(budget, [{ type: 'DisruptionAllowed', status, reason, message: '' }], {
      observedGeneration,
    });
    this.kinds.budgets.updateStatus(budget, {
      observedGeneration,
      disruptionsAllowed,
      currentHealthy,
      desiredHealthy,
      expectedPods: pods.length,
      conditions,
    });
    return undefined;
  }
}

function covers(budget: KubeObject, pod: KubeObject): boolean {
  return (
    at(budget, 'spec', 'selector') !== undefined &&
    matchesLabels(objectAt(budget, 'spec', 'selector'), pod.metadata.labels ?? {})
  );
}
