import { randomUUID } from 'node:crypto';
import { fieldAt, groupOf, type KubernetesObject, listAt, textAt } from '@shipit/health';
import {
  type ApplyOptions,
  type Capabilities,
  Cluster,
  type DeleteOptions,
  describeRef,
  type ListOptions,
  type MergePatchOptions,
  type ObjectChange,
  type ObjectQuery,
  type ObjectRef,
  refOf,
} from './cluster.js';
import { ClusterError, type FieldConflict, tooLarge, tooMany } from './cluster-error.js';
import { FieldOwnership, isSame, type Tree } from './field-ownership.js';
import { servedByDefault } from './in-memory-kinds.js';
import { matchesLabels } from './label-selector.js';
import { appliedPart, appliedSpec, identityOf, mergeInto } from './object-parts.js';

export interface InMemoryClusterOptions {
  name?: string;
  /** Beside `default` and `kube-system`. */
  namespaces?: string[];
  /** Beside the built-in ones and those of applied CustomResourceDefinitions: `shipit.dev/v1beta1/HelmRelease`. */
  namespacedKinds?: string[];
  kubeVersion?: string;
}

interface Stored {
  object: KubernetesObject;
  fields: FieldOwnership;
}

/** A {@link Cluster} that keeps objects and runs no controllers: tests set the status of what they watch with mergePatch. */
export class InMemoryCluster extends Cluster {
  readonly name: string;
  private readonly objects = new Map<string, Stored>();
  private readonly kinds = new Map(servedByDefault);
  private readonly watchers = new Set<(change: ObjectChange) => void>();
  private readonly kubeVersion: string;
  private version = 0;
  private failure: ClusterError | undefined;

  constructor({
    name = 'main',
    namespaces = [],
    namespacedKinds = [],
    kubeVersion = 'v1.35.4',
  }: InMemoryClusterOptions = {}) {
    super();
    this.name = name;
    this.kubeVersion = kubeVersion;
    for (const kind of namespacedKinds) this.kinds.set(kind, 'Namespaced');
    for (const namespace of ['default', 'kube-system', ...namespaces]) {
      this.insert({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace }, status: { phase: 'Active' } });
    }
  }

  /** Every call fails with this until it is called with undefined; watches stay silent meanwhile. */
  failWith(error: ClusterError | undefined): void {
    this.failure = error;
  }

  /** Puts objects there as they are, status and all, as controllers would have. */
  seed(...objects: KubernetesObject[]): KubernetesObject[] {
    return objects.map((object) => this.insert(this.placed(object)));
  }

  async capabilities(): Promise<Capabilities> {
    this.reach();
    const kinds = [...this.kinds.keys()];
    const versions = new Set(kinds.map((kind) => kind.slice(0, kind.lastIndexOf('/'))));
    return { kubeVersion: this.kubeVersion, apiVersions: [...versions, ...kinds] };
  }

  async scopeOf(apiVersion: string, kind: string): Promise<'Namespaced' | 'Cluster' | undefined> {
    this.reach();
    return this.kinds.get(`${apiVersion}/${kind}`);
  }

  async read(ref: ObjectRef): Promise<KubernetesObject | undefined> {
    this.reach();
    return structuredClone(this.objects.get(this.keyOf(ref))?.object);
  }

  async list(query: ObjectQuery, options: ListOptions = {}): Promise<KubernetesObject[]> {
    const { maxItems = Infinity, maxPageBytes = Infinity } = options;
    this.reach();
    this.demandKind('list', { ...query, name: '' });
    const items = [...this.objects.values()].map(({ object }) => object).filter((object) => isWanted(query, object));
    if (items.length > maxItems) throw tooMany(query.kind, this.name, maxItems);
    if (maxPageBytes < Infinity && JSON.stringify(items).length > maxPageBytes)
      throw tooLarge(`list ${query.kind} in cluster ${this.name}`, maxPageBytes);
    return structuredClone(items);
  }

  async apply(object: KubernetesObject, options: ApplyOptions = {}): Promise<KubernetesObject> {
    this.reach();
    const ref = refOf(object);
    this.demandPlace('apply', ref);
    const { fieldManager = 'helm', force = false } = options;
    const stored = this.objects.get(this.keyOf(ref));
    const { fields } = stored ?? { fields: new FieldOwnership() };
    const wanted = appliedPart(object);
    const live = stored?.object ?? identityOf(this.placed(object));
    if (!force) this.refuseConflicts(ref, fields.conflictsOf(fieldManager, wanted, live));
    const merged = { ...live, ...fields.apply(fieldManager, wanted, live) };
    if (options.dryRun) return merged;
    fields.record(fieldManager, wanted, force);
    return stored ? this.replace(stored, merged) : this.insert(merged, fields);
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    this.reach();
    const ref = refOf(object);
    this.demandPlace('create', ref);
    if (this.objects.has(this.keyOf(ref))) {
      throw new ClusterError('AlreadyExists', `create ${describeRef(ref)} in cluster ${this.name}: it already exists`, {
        status: 409,
      });
    }
    const fields = new FieldOwnership();
    fields.recordUpdate('ship-it', appliedPart(object));
    const { status: _status, ...rest } = this.placed(object);
    return this.insert(rest, fields);
  }

  async mergePatch(ref: ObjectRef, patch: object, options: MergePatchOptions = {}): Promise<KubernetesObject> {
    this.reach();
    const stored = this.objects.get(this.keyOf(ref));
    if (!stored)
      throw new ClusterError('NotFound', `patch ${describeRef(ref)} in cluster ${this.name}: it does not exist`, {
        status: 404,
      });
    const expected = options.resourceVersion ?? textAt(patch, 'metadata', 'resourceVersion');
    if (expected && expected !== stored.object.metadata.resourceVersion) {
      throw new ClusterError('Conflict', `patch ${describeRef(ref)} in cluster ${this.name}: it has changed`, {
        status: 409,
      });
    }
    // As with the real server, a status is written through its subresource only.
    const { status, ...rest } = patch as Tree;
    const part: Tree = options.subresource ? { status } : rest;
    stored.fields.recordUpdate('ship-it', appliedPart(part));
    return this.replace(stored, { ...stored.object, ...mergeInto(structuredClone(stored.object), part) });
  }

  async delete(ref: ObjectRef, { uid }: DeleteOptions = {}): Promise<void> {
    this.reach();
    const stored = this.objects.get(this.keyOf(ref));
    if (!stored || (uid !== undefined && uid !== stored.object.metadata.uid)) return;
    if (stored.object.metadata.finalizers?.length) {
      const deletionTimestamp = stored.object.metadata.deletionTimestamp ?? new Date().toISOString();
      this.replace(stored, { ...stored.object, metadata: { ...stored.object.metadata, deletionTimestamp } });
      return;
    }
    this.remove(stored.object);
  }

  async watch(query: ObjectQuery, onChange: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    const told = new Set<string>();
    const tell = (change: ObjectChange) => {
      const key = this.keyOf(refOf(change.object));
      if (change.type !== 'deleted' && isWanted(query, change.object)) {
        onChange({ type: told.has(key) ? 'modified' : 'added', object: structuredClone(change.object) });
        told.add(key);
      } else if (told.delete(key)) onChange({ type: 'deleted', object: structuredClone(change.object) });
    };
    for (const { object } of [...this.objects.values()]) tell({ type: 'added', object });
    this.watchers.add(tell);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.watchers.delete(tell);
  }

  private insert(object: KubernetesObject, fields = new FieldOwnership()): KubernetesObject {
    const born = { uid: randomUUID(), generation: 1, creationTimestamp: new Date().toISOString() };
    const metadata = { ...born, ...object.metadata };
    const stored: Stored = { object: this.stamped({ ...structuredClone(object), metadata }), fields };
    this.objects.set(this.keyOf(refOf(object)), stored);
    this.serveDefined(object);
    this.tell({ type: 'added', object: stored.object });
    return structuredClone(stored.object);
  }

  /** Nothing happens to an object that stays as it is; the generation counts changes outside of metadata and status. */
  private replace(stored: Stored, next: KubernetesObject): KubernetesObject {
    if (isSame(next, stored.object)) return structuredClone(stored.object);
    const { generation = 1 } = stored.object.metadata;
    const isSpecSame = isSame(appliedSpec(next), appliedSpec(stored.object));
    stored.object = this.stamped({
      ...next,
      metadata: { ...next.metadata, generation: isSpecSame ? generation : generation + 1 },
    });
    if (stored.object.metadata.deletionTimestamp && !stored.object.metadata.finalizers?.length)
      this.remove(stored.object);
    else this.tell({ type: 'modified', object: stored.object });
    return structuredClone(stored.object);
  }

  /** As the garbage collector does, what an object owns goes with it; a namespace takes its content. */
  private remove(object: KubernetesObject): void {
    this.objects.delete(this.keyOf(refOf(object)));
    this.tell({ type: 'deleted', object: this.stamped(object) });
    const isDependent = (other: KubernetesObject) =>
      listAt(other, 'metadata', 'ownerReferences').some((owner) => fieldAt(owner, 'uid') === object.metadata.uid) ||
      (object.kind === 'Namespace' && other.metadata.namespace === object.metadata.name);
    for (const { object: other } of [...this.objects.values()]) if (isDependent(other)) void this.delete(refOf(other));
  }

  private serveDefined(object: KubernetesObject): void {
    if (object.kind !== 'CustomResourceDefinition') return;
    const kind = textAt(object, 'spec', 'names', 'kind');
    const scope = textAt(object, 'spec', 'scope') === 'Cluster' ? 'Cluster' : 'Namespaced';
    for (const version of listAt(object, 'spec', 'versions')) {
      this.kinds.set(`${textAt(object, 'spec', 'group')}/${textAt(version, 'name')}/${kind}`, scope);
    }
  }

  private stamped(object: KubernetesObject): KubernetesObject {
    this.version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(this.version) } };
  }

  private tell(change: ObjectChange): void {
    for (const watcher of [...this.watchers]) watcher(change);
  }

  private reach(): void {
    if (this.failure) throw this.failure;
  }

  private refuseConflicts(ref: ObjectRef, conflicts: FieldConflict[]): void {
    if (conflicts.length === 0) return;
    const who = conflicts.map(({ manager, field }) => `conflict with "${manager}": ${field}`).join(', ');
    const message = `apply ${describeRef(ref)} in cluster ${this.name}: ${who}`;
    throw new ClusterError('Conflict', message, { status: 409, conflicts });
  }

  private demandKind(verb: string, ref: ObjectRef): void {
    if (this.kinds.has(`${ref.apiVersion}/${ref.kind}`)) return;
    throw new ClusterError(
      'NotFound',
      `${verb} ${describeRef(ref)} in cluster ${this.name}: it serves no ${ref.kind} of ${ref.apiVersion}`,
      { status: 404 },
    );
  }

  private demandPlace(verb: string, ref: ObjectRef): void {
    this.demandKind(verb, ref);
    const doing = `${verb} ${describeRef(ref)} in cluster ${this.name}`;
    if (!/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(ref.name))
      throw new ClusterError('Invalid', `${doing}: the name is not allowed`, { status: 422 });
    const isNamespaced = this.kinds.get(`${ref.apiVersion}/${ref.kind}`) === 'Namespaced';
    const { namespace = 'default' } = ref;
    if (isNamespaced && !this.objects.has(this.keyOf({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))) {
      throw new ClusterError('NotFound', `${doing}: namespaces "${namespace}" not found`, { status: 404 });
    }
  }

  private placed(object: KubernetesObject): KubernetesObject {
    const isNamespaced = this.kinds.get(`${object.apiVersion}/${object.kind}`) === 'Namespaced';
    const { namespace = 'default', ...metadata } = object.metadata;
    return { ...object, metadata: isNamespaced ? { ...metadata, namespace } : metadata };
  }

  /** Versions of a group share their objects. */
  private keyOf({ apiVersion, kind, namespace = 'default', name }: ObjectRef): string {
    const isNamespaced = this.kinds.get(`${apiVersion}/${kind}`) === 'Namespaced';
    return [groupOf(apiVersion), kind, isNamespaced ? namespace : '', name].join('|');
  }
}

function isWanted(query: ObjectQuery, object: KubernetesObject): boolean {
  if (object.kind !== query.kind || groupOf(object.apiVersion) !== groupOf(query.apiVersion)) return false;
  if (query.namespace !== undefined && object.metadata.namespace !== query.namespace) return false;
  return matchesLabels(query.labelSelector, object.metadata.labels);
}
