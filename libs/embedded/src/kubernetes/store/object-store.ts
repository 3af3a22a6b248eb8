import { expired } from '../api-error.js';
import { wireCopy } from '../json.js';
import type { KubeObject } from '../objects.js';
import { ObjectIndex, type Located } from './object-index.js';

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  version: number;
  storage: string;
  object: KubeObject;
  previous: KubeObject | undefined;
}

export interface Snapshot {
  version: number;
  objects: Located[];
}

/** How many changes are remembered for watches that start in the past. */
const HISTORY = 5_000;
/** A killed process may have given out versions after its last snapshot; none of them is given out again. */
const LOST_WRITES = 10_000;

/** All objects of the cluster in memory. Every write gets the next resource version and is told to the listeners. */
export class ObjectStore {
  private readonly index = new ObjectIndex();
  private readonly listeners = new Set<(change: Change) => void>();
  private history: Change[] = [];
  private oldest: number;
  private current: number;

  constructor(snapshot?: Snapshot) {
    this.current = snapshot ? snapshot.version + LOST_WRITES : 1;
    this.oldest = this.current;
    for (const { storage, object } of snapshot?.objects ?? []) this.index.put(storage, object);
  }

  get version(): number {
    return this.current;
  }

  get(storage: string, namespace: string, name: string): KubeObject | undefined {
    return this.index.get(storage, namespace, name);
  }

  /** In no order. */
  list(storage: string, namespace?: string): KubeObject[] {
    return this.index.list(storage, namespace);
  }

  find(uid: string): Located | undefined {
    return this.index.find(uid);
  }

  /** Everything that names this uid among its owners. */
  dependentsOf(uid: string): Located[] {
    return this.index.dependentsOf(uid);
  }

  put(storage: string, object: KubeObject): KubeObject {
    const stored = this.stamp(object);
    const previous = this.index.get(storage, stored.metadata.namespace ?? '', stored.metadata.name);
    this.index.put(storage, stored);
    this.tell({ type: previous ? 'MODIFIED' : 'ADDED', version: this.current, storage, object: stored, previous });
    return stored;
  }

  remove(storage: string, object: KubeObject): KubeObject {
    const last = this.stamp(object);
    const previous = this.index.get(storage, last.metadata.namespace ?? '', last.metadata.name);
    this.index.remove(storage, last);
    this.tell({ type: 'DELETED', version: this.current, storage, object: last, previous });
    return last;
  }

  /** What happened to a kind after a version; throws 410 when that is no longer remembered. */
  changesSince(storage: string, version: number): Change[] {
    if (version < this.oldest || version > this.current) throw expired(version, this.oldest);
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
    return { version: this.current, objects: this.index.all() };
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
}
