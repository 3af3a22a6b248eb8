import { expired } from '../api-error.js';
import { wireCopy } from '../json.js';
import type { KubeObject } from '../objects.js';

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  version: number;
  storage: string;
  object: KubeObject;
  previous: KubeObject | undefined;
}

export interface Snapshot {
  version: number;
  objects: { storage: string; object: KubeObject }[];
}

/** How many changes are remembered for watches that start in the past. */
const HISTORY = 10_000;

/** All objects of the cluster in memory. Every write gets the next resource version and is told to the listeners. */
export class ObjectStore {
  private readonly tables = new Map<string, Map<string, KubeObject>>();
  private readonly listeners = new Set<(change: Change) => void>();
  private history: Change[] = [];
  private oldest: number;
  private current: number;

  constructor(snapshot: Snapshot = { version: 1, objects: [] }) {
    this.current = snapshot.version;
    this.oldest = snapshot.version;
    for (const { storage, object } of snapshot.objects) this.table(storage).set(keyOf(object), object);
  }

  get version(): number {
    return this.current;
  }

  get(storage: string, namespace: string, name: string): KubeObject | undefined {
    return this.table(storage).get(`${namespace}/${name}`);
  }

  list(storage: string, namespace?: string): KubeObject[] {
    const all = [...this.table(storage).values()];
    const wanted = namespace === undefined ? all : all.filter((object) => object.metadata.namespace === namespace);
    return wanted.sort((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
  }

  put(storage: string, object: KubeObject): KubeObject {
    const stored = this.stamp(object);
    const previous = this.table(storage).get(keyOf(stored));
    this.table(storage).set(keyOf(stored), stored);
    this.tell({ type: previous ? 'MODIFIED' : 'ADDED', version: this.current, storage, object: stored, previous });
    return stored;
  }

  remove(storage: string, object: KubeObject): KubeObject {
    const last = this.stamp(object);
    const previous = this.table(storage).get(keyOf(last));
    this.table(storage).delete(keyOf(last));
    this.tell({ type: 'DELETED', version: this.current, storage, object: last, previous });
    return last;
  }

  /** What happened to a kind after a version; throws 410 when that is no longer remembered. */
  changesSince(storage: string, version: number): Change[] {
    if (version < this.oldest) throw expired(version, this.oldest);
    return this.history.filter((change) => change.version > version && change.storage === storage);
  }

  /** Listeners are called within the write, in order. Returns how to stop. */
  subscribe(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Forgets the past, as compaction does: watches from older versions answer 410. */
  compact(): void {
    this.history = [];
    this.oldest = this.current;
  }

  snapshot(): Snapshot {
    const objects = [...this.tables].flatMap(([storage, table]) =>
      [...table.values()].map((object) => ({ storage, object })),
    );
    return { version: this.current, objects };
  }

  private stamp(object: KubeObject): KubeObject {
    this.current += 1;
    const copy = wireCopy(object);
    return { ...copy, metadata: { ...copy.metadata, resourceVersion: String(this.current) } };
  }

  private tell(change: Change): void {
    this.history.push(change);
    if (this.history.length > HISTORY) this.oldest = this.history.shift()?.version ?? this.oldest;
    for (const listener of [...this.listeners]) listener(change);
  }

  private table(storage: string): Map<string, KubeObject> {
    const found = this.tables.get(storage) ?? new Map<string, KubeObject>();
    this.tables.set(storage, found);
    return found;
  }
}

function keyOf(object: KubeObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}
