import type { KubeObject } from '../objects.js';

export interface Located {
  storage: string;
  object: KubeObject;
}

type Table = Map<string, Map<string, KubeObject>>;

/** Objects by kind, namespace and name, and the two ways in which controllers look them up: by uid and by owner. */
export class ObjectIndex {
  private readonly tables = new Map<string, Table>();
  private readonly byUid = new Map<string, Located>();
  private readonly dependents = new Map<string, Map<string, Located>>();

  get(storage: string, namespace: string, name: string): KubeObject | undefined {
    return this.tables.get(storage)?.get(namespace)?.get(name);
  }

  list(storage: string, namespace?: string): KubeObject[] {
    const table = this.tables.get(storage);
    if (namespace !== undefined) return [...(table?.get(namespace)?.values() ?? [])];
    return [...(table?.values() ?? [])].flatMap((objects) => [...objects.values()]);
  }

  all(): Located[] {
    return [...this.byUid.values()];
  }

  find(uid: string): Located | undefined {
    return this.byUid.get(uid);
  }

  /** Everything that names this uid among its owners. */
  dependentsOf(uid: string): Located[] {
    return [...(this.dependents.get(uid)?.values() ?? [])];
  }

  put(storage: string, object: KubeObject): void {
    const { namespace = '', name, uid } = object.metadata;
    const before = this.get(storage, namespace, name);
    if (before) this.disown(before);
    const table = this.tables.get(storage) ?? new Map<string, Map<string, KubeObject>>();
    const objects = table.get(namespace) ?? new Map<string, KubeObject>();
    this.tables.set(storage, table.set(namespace, objects.set(name, object)));
    const located = { storage, object };
    this.byUid.set(uid, located);
    for (const owner of object.metadata.ownerReferences ?? []) {
      const all = this.dependents.get(owner.uid) ?? new Map<string, Located>();
      this.dependents.set(owner.uid, all.set(uid, located));
    }
  }

  remove(storage: string, object: KubeObject): void {
    const { namespace = '', name, uid } = object.metadata;
    const before = this.get(storage, namespace, name);
    if (before) this.disown(before);
    this.tables.get(storage)?.get(namespace)?.delete(name);
    this.byUid.delete(uid);
  }

  private disown({ metadata }: KubeObject): void {
    for (const owner of metadata.ownerReferences ?? []) {
      const all = this.dependents.get(owner.uid);
      all?.delete(metadata.uid);
      if (all?.size === 0) this.dependents.delete(owner.uid);
    }
  }
}
