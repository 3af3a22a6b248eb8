import { at, objectAt, textAt } from '../json.js';
import type { KubeObject } from '../objects.js';
import { keyOf, type Controller, type Kind } from './controller.js';

/** Every claim is given a volume at once, as with a default storage class. */
export class VolumeClaimController implements Controller {
  readonly name = 'persistentvolume-binder';

  constructor(private readonly claims: Kind) {}

  keysOf({ storage, object }: { storage: string; object: KubeObject }): string[] {
    return storage === this.claims.storage ? [keyOf(object)] : [];
  }

  reconcile(key: string): number | undefined {
    const claim = this.claims.get(key);
    // Without a class by that name nobody provides: as on a real cluster it stays pending.
    if (
      !claim ||
      textAt(claim, 'spec', 'storageClassName') !== undefined ||
      textAt(claim, 'status', 'phase') === 'Bound'
    )
      return undefined;
    const capacity = { storage: at(claim, 'spec', 'resources', 'requests', 'storage') };
    const bound = this.claims.update(claim, {
      spec: { ...objectAt(claim, 'spec'), volumeName: `pvc-${claim.metadata.uid}` },
    });
    this.claims.updateStatus(bound, { phase: 'Bound', accessModes: at(claim, 'spec', 'accessModes'), capacity });
    return undefined;
  }
}
