import { deleteObject, type Propagation } from '../api/deletion.js';
import type { ObjectWriter } from '../api/object-writer.js';
import type { JsonObject } from '../json.js';
import { controllerOf, type KubeObject, type ObjectMeta } from '../objects.js';
import { storageKey, type ResourceType } from '../resources/resource-type.js';
import type { Change } from '../store/object-store.js';

/** Brings the objects of one kind to what they ask for. Always safe to repeat. */
export interface Controller {
  name: string;
  /** Which objects (`namespace/name`) to look at after a change. */
  keysOf(change: Change): string[];
  /** Returns after how many milliseconds to look again, if at all. */
  reconcile(key: string): number | undefined;
}

export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The verbs which controllers speak about objects of one kind. */
export class Kind {
  readonly storage: string;

  constructor(
    private readonly writer: ObjectWriter,
    readonly type: ResourceType,
    private readonly manager: string,
  ) {
    this.storage = storageKey(type);
  }

  get(key: string): KubeObject | undefined {
    const { namespace, name } = splitKey(key);
    return this.writer.store.get(this.storage, namespace, name);
  }

  list(namespace?: string): KubeObject[] {
    return this.writer.store.list(this.storage, namespace);
  }

  /** The objects of this kind that the owner controls, by name. */
  controlledBy(owner: KubeObject): KubeObject[] {
    const { uid } = owner.metadata;
    const all = this.writer.store.dependentsOf(uid).filter(({ storage }) => storage === this.storage);
    const controlled = all.map(({ object }) => object).filter((object) => controllerOf(object)?.uid === uid);
    return controlled.sort((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1));
  }

  create(namespace: string, body: JsonObject): KubeObject {
    return this.writer.create(this.type, namespace, body, { manager: this.manager });
  }

  update(live: KubeObject, changes: JsonObject): KubeObject {
    return this.writer.update(this.target(live), { ...live, ...changes }, { manager: this.manager });
  }

  updateStatus(live: KubeObject, status: JsonObject): KubeObject {
    return this.writer.update(this.target(live), { ...live, status }, { manager: this.manager, subresource: 'status' });
  }

  /** Changes metadata that only the server sets. */
  mark(live: KubeObject, metadata: Partial<ObjectMeta>): void {
    this.writer.mark(this.target(live), live, metadata);
  }

  delete(live: KubeObject, propagation: Propagation = 'Background'): void {
    const options = { propagation, graceSeconds: undefined, uid: undefined, resourceVersion: undefined, dryRun: false };
    deleteObject(this.writer, this.target(live), options);
  }

  /** Takes it away at once, whatever holds it. */
  drop(live: KubeObject): void {
    this.writer.drop(this.target(live), live);
  }

  private target({ metadata }: KubeObject): { type: ResourceType; namespace: string; name: string } {
    return { type: this.type, namespace: metadata.namespace ?? '', name: metadata.name };
  }
}
