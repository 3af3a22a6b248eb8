import type { ObjectWriter } from '../api/object-writer.js';
import type { KubeObject, OwnerReference } from '../objects.js';
import { storageKey } from '../resources/resource-type.js';
import type { Located } from '../store/object-index.js';
import { Kind, keyOf, type Controller } from './controller.js';

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

interface Found {
  kind: Kind;
  object: KubeObject;
}

/** Deletes what lost all its owners, and lets owners go that wait for their dependents (or are to leave them behind). */
export class GarbageCollector implements Controller {
  readonly name = 'generic-garbage-collector';

  constructor(private readonly writer: ObjectWriter) {}

  keysOf({ type, storage, object }: { type: string; storage: string; object: KubeObject }): string[] {
    const owners = (object.metadata.ownerReferences ?? []).map((owner) => `owner ${owner.uid}`);
    if (type === 'DELETED') return [`owner ${object.metadata.uid}`, ...owners];
    return [
      ...(owners.length > 0 ? [`object ${storage} ${keyOf(object)}`] : []),
      ...(object.metadata.deletionTimestamp ? [`owner ${object.metadata.uid}`, ...owners] : []),
    ];
  }

  reconcile(key: string): number | undefined {
    const [kind, first = '', second = ''] = key.split(' ');
    if (kind === 'object') this.checkDependent(first, second);
    else this.checkOwner(first);
    return undefined;
  }

  private checkOwner(uid: string): void {
    const dependents = this.dependentsOf(uid);
    const owner = this.found([this.writer.store.find(uid)])[0];
    if (!owner) {
      for (const { kind, object } of dependents) this.collect(kind, object);
      return;
    }
    const { deletionTimestamp, finalizers = [] } = owner.object.metadata;
    if (!deletionTimestamp) return;
    if (finalizers.includes(ORPHAN)) leaveBehind(owner, dependents);
    else if (finalizers.includes(FOREGROUND)) this.deleteFirst(owner, dependents);
  }

  private deleteFirst(owner: Found, dependents: Found[]): void {
    const { uid } = owner.object.metadata;
    for (const { kind, object } of dependents)
      if (!object.metadata.deletionTimestamp) kind.delete(object, 'Foreground');
    const blocks = (reference: OwnerReference): boolean =>
      reference.uid === uid && reference.blockOwnerDeletion === true;
    const isBlocked = this.dependentsOf(uid).some(({ object }) => object.metadata.ownerReferences?.some(blocks));
    if (!isBlocked) release(owner, FOREGROUND);
  }

  private checkDependent(storage: string, key: string): void {
    const type = this.writer.registry.storedKinds().find((candidate) => storageKey(candidate) === storage);
    const kind = type && new Kind(this.writer, type, this.name);
    const object = kind?.get(key);
    if (kind && object) this.collect(kind, object);
  }

  /** An owner counts as long as an object of its kind, name and uid is there. */
  private collect(kind: Kind, object: KubeObject): void {
    const owners = object.metadata.ownerReferences ?? [];
    if (owners.length === 0 || object.metadata.deletionTimestamp) return;
    const isAlone = owners.every((owner) => !this.isThere(owner, object.metadata.namespace));
    if (isAlone) kind.delete(object);
  }

  private isThere(owner: OwnerReference, namespace: string | undefined): boolean {
    const type = this.writer.registry.findKind(owner.apiVersion, owner.kind);
    // The kind may be of a definition that comes back: nothing is collected for its sake.
    if (!type) return true;
    const found = this.writer.find({ type, namespace: type.namespaced ? (namespace ?? '') : '', name: owner.name });
    return found?.metadata.uid === owner.uid;
  }

  private dependentsOf(uid: string): Found[] {
    return this.found(this.writer.store.dependentsOf(uid));
  }

  private found(located: (Located | undefined)[]): Found[] {
    const types = this.writer.registry.storedKinds();
    return located.flatMap((item): Found[] => {
      const type = item && types.find((candidate) => storageKey(candidate) === item.storage);
      return type ? [{ kind: new Kind(this.writer, type, this.name), object: item.object }] : [];
    });
  }
}

function disowned(object: KubeObject, uid: string): KubeObject['metadata'] {
  return {
    ...object.metadata,
    ownerReferences: (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid),
  };
}

function leaveBehind(owner: Found, dependents: Found[]): void {
  for (const { kind, object } of dependents)
    kind.update(object, { metadata: disowned(object, owner.object.metadata.uid) });
  release(owner, ORPHAN);
}

function release({ kind, object }: Found, finalizer: string): void {
  kind.update(object, {
    metadata: {
      ...object.metadata,
      finalizers: (object.metadata.finalizers ?? []).filter((item) => item !== finalizer),
    },
  });
}
