import { randomUUID } from 'node:crypto';

import { checkMetadata, compactMetadata, nameFromPrefix } from '../admission/metadata.js';
import { withDefaults } from '../admission/defaults.js';
import { validateObject } from '../admission/validate.js';
import { alreadyExists, conflict, invalid, notFound, staleVersion } from '../api-error.js';
import { readOwnerships, writeOwnerships, type Ownership, type Writer } from '../apply/managed-fields.js';
import { applyDocument, trackUpdate } from '../apply/ownership.js';
import { objectAt, objectsAt, sameJson, textAt, textsAt, wireCopy, without, type JsonObject } from '../json.js';
import { now, type KubeObject, type ObjectMeta } from '../objects.js';
import type { ResourceRegistry } from '../resources/resource-registry.js';
import { apiVersionOf, hasStatus, storageKey, type ResourceType } from '../resources/resource-type.js';
import type { ObjectStore } from '../store/object-store.js';
import { checkNamespace, checkServiceAccount } from './namespace-guard.js';

export interface WriteContext {
  manager: string;
  dryRun?: boolean;
  /** `status`, `scale`; absent for the object itself. */
  subresource?: string;
}

export interface Target {
  type: ResourceType;
  namespace: string;
  name: string;
}

interface Replacement {
  live: KubeObject;
  next: KubeObject;
  ownerships: Ownership[];
}

/** All writes of objects: what the server fills in, checks, counts and remembers about owners of fields. */
export class ObjectWriter {
  constructor(
    readonly store: ObjectStore,
    readonly registry: ResourceRegistry,
  ) {}

  find({ type, namespace, name }: Target): KubeObject | undefined {
    return this.store.get(storageKey(type), namespace, name);
  }

  read(target: Target): KubeObject {
    const found = this.find(target);
    if (!found) throw notFound(target.type, target.name);
    return found;
  }

  create(type: ResourceType, namespace: string, body: JsonObject, context: WriteContext): KubeObject {
    const named = nameFromPrefix(body);
    const name = textAt(named, 'metadata', 'name') ?? '';
    const target = { type, namespace, name };
    if (name !== '' && this.find(target)) throw alreadyExists(type, name);
    const next = { ...named, ...(hasStatus(type) && { status: undefined }) };
    const writer = writerOf(type, context, 'Update');
    const tracked = { object: {}, ownerships: readOwnerships(objectAt(named, 'metadata')) };
    return this.insert(target, next, context, (object) =>
      trackUpdate(tracked, without(object, ...(hasStatus(type) ? ['status'] : [])), type.fields, writer),
    );
  }

  /** Replaces what is wanted (or the status) of an object that exists. */
  update(target: Target, body: JsonObject, context: WriteContext): KubeObject {
    const live = this.read(target);
    this.checkPreconditions(target, live, objectAt(body, 'metadata'));
    const next = scoped(live, body, target.type, context);
    const given = readGivenOwnerships(body) ?? readOwnerships(live.metadata);
    const ownerships = trackUpdate(
      { object: live, ownerships: given },
      next,
      target.type.fields,
      writerOf(target.type, context, 'Update'),
    );
    return this.replace(target, { live, next, ownerships }, context);
  }

  apply(
    target: Target,
    applied: JsonObject,
    options: WriteContext & { force: boolean },
  ): { object: KubeObject; created: boolean } {
    const { type } = target;
    const live = this.find(target);
    const request = {
      applied: scopeOfApply(applied, type, options),
      writer: writerOf(type, options, 'Apply'),
      force: options.force,
    };
    if (live) {
      this.checkPreconditions(target, live, objectAt(applied, 'metadata'));
      const result = applyDocument({ object: live, ownerships: readOwnerships(live.metadata) }, request, type.fields);
      const next = scoped(live, result.object, type, options);
      return { object: this.replace(target, { live, next, ownerships: result.ownerships }, options), created: false };
    }
    if (options.subresource) throw notFound(type, target.name);
    if (textAt(applied, 'metadata', 'uid'))
      throw conflict(
        type,
        target.name,
        'uid mismatch: the provided object specified uid, and no existing object was found',
      );
    const result = applyDocument({ object: {}, ownerships: [] }, request, type.fields);
    return { object: this.insert(target, result.object, options, () => result.ownerships), created: true };
  }

  /** Takes an object away for good, whatever its finalizers say. */
  drop(target: Target, live: KubeObject): KubeObject {
    return this.store.remove(storageKey(target.type), live);
  }

  /** Writes metadata of the server's own: deletion marks and finalizers. */
  mark(target: Target, live: KubeObject, metadata: Partial<ObjectMeta>, dryRun = false): KubeObject {
    const isGoing = live.kind === 'Namespace' && metadata.deletionTimestamp !== undefined;
    const next = {
      ...live,
      metadata: { ...live.metadata, ...metadata },
      ...(isGoing && { status: { phase: 'Terminating' } }),
    };
    return dryRun ? next : this.store.put(storageKey(target.type), next);
  }

  /** Who owns what is asked once everything is filled in: a creator owns that too, an applier does not. */
  private insert(
    target: Target,
    body: JsonObject,
    context: WriteContext,
    owners: (object: KubeObject) => Ownership[],
  ): KubeObject {
    const { type, namespace, name } = target;
    const metadata: ObjectMeta = {
      ...without(
        objectAt(body, 'metadata'),
        'resourceVersion',
        'deletionTimestamp',
        'deletionGracePeriodSeconds',
        'managedFields',
        'selfLink',
      ),
      name,
      ...(type.namespaced && { namespace }),
      uid: randomUUID(),
      resourceVersion: '',
      creationTimestamp: now(),
      ...(type.hasGeneration && { generation: 1 }),
    };
    const filled = withDefaults(
      type,
      wireCopy({ ...body, apiVersion: apiVersionOf(type), kind: type.kind, metadata: compactMetadata(metadata) }),
      undefined,
    );
    this.check(target, filled, undefined);
    if (type.namespaced) checkNamespace(this.store, target);
    checkServiceAccount(this.store, target, filled);
    const object = { ...filled, metadata: { ...filled.metadata, managedFields: writeOwnerships(owners(filled)) } };
    return context.dryRun ? object : this.store.put(storageKey(type), object);
  }

  private replace(target: Target, { live, next, ownerships }: Replacement, context: WriteContext): KubeObject {
    const { type } = target;
    const metadata: ObjectMeta = {
      ...next.metadata,
      ...kept(live.metadata),
      managedFields: writeOwnerships(ownerships),
    };
    const object = withDefaults(
      type,
      wireCopy({ ...next, apiVersion: apiVersionOf(type), kind: type.kind, metadata: compactMetadata(metadata) }),
      live,
    );
    if (type.hasGeneration && !sameJson(wanted(object), wanted(live))) {
      object.metadata.generation = (live.metadata.generation ?? 0) + 1;
    }
    this.check(target, object, live);
    if (sameJson(unversioned(object), unversioned(live))) return live;
    if (context.dryRun) return object;
    return isFinished(object) ? this.drop(target, object) : this.store.put(storageKey(type), object);
  }

  private check(target: Target, object: KubeObject, live: KubeObject | undefined): void {
    const causes = [...checkMetadata(target.type, object, live), ...validateObject(target.type, object, live)];
    if (causes.length > 0) throw invalid(target.type, target.name, causes);
  }

  private checkPreconditions(target: Target, live: KubeObject, metadata: JsonObject): void {
    const version = textAt(metadata, 'resourceVersion');
    if (version && version !== live.metadata.resourceVersion) throw staleVersion(target.type, target.name);
    const uid = textAt(metadata, 'uid');
    if (uid && uid !== live.metadata.uid) {
      throw conflict(
        target.type,
        target.name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
      );
    }
  }
}

function writerOf(type: ResourceType, { manager, subresource }: WriteContext, operation: Writer['operation']): Writer {
  return { manager, operation, apiVersion: apiVersionOf(type), ...(subresource !== undefined && { subresource }) };
}

/** What a write may change: the status only through its subresource, everything else only without it. */
function scoped(live: KubeObject, body: JsonObject, type: ResourceType, { subresource }: WriteContext): KubeObject {
  if (subresource === 'status') return { ...live, status: body['status'] };
  const metadata = { ...objectAt(body, 'metadata'), ...kept(live.metadata) };
  return {
    ...body,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata,
    ...(hasStatus(type) && { status: live['status'] }),
  };
}

function scopeOfApply(applied: JsonObject, type: ResourceType, { subresource }: WriteContext): JsonObject {
  if (subresource !== 'status') return hasStatus(type) ? without(applied, 'status') : applied;
  const { apiVersion, kind, status } = applied;
  return {
    apiVersion,
    kind,
    metadata: { name: textAt(applied, 'metadata', 'name') },
    ...(status !== undefined && { status }),
  };
}

/** Metadata that only the server sets. */
function kept(metadata: ObjectMeta): ObjectMeta {
  const {
    name,
    namespace,
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
  } = metadata;
  const all = {
    name,
    namespace,
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    generation,
  };
  return all as JsonObject as ObjectMeta;
}

/** Managed fields that the client sent along to replace ours: it migrates or resets them. */
function readGivenOwnerships(body: JsonObject): Ownership[] | undefined {
  const given = objectsAt(body, 'metadata', 'managedFields');
  if (given.length === 0) return undefined;
  const isReset = given.length === 1 && Object.keys(given[0] ?? {}).length === 0;
  return isReset ? [] : readOwnerships(objectAt(body, 'metadata'));
}

function wanted(object: KubeObject): JsonObject {
  return without(object, 'metadata', 'status', 'apiVersion', 'kind');
}

function unversioned(object: KubeObject): JsonObject {
  return { ...without(object, 'apiVersion'), metadata: without(object.metadata, 'resourceVersion') };
}

/** Marked as deleted and nothing left that holds it. */
function isFinished(object: KubeObject): boolean {
  const { deletionTimestamp, deletionGracePeriodSeconds, finalizers } = object.metadata;
  if (!deletionTimestamp || (finalizers ?? []).length > 0) return false;
  const isNamespace = object.kind === 'Namespace' && object.apiVersion === 'v1';
  if (isNamespace) return textsAt(object, 'spec', 'finalizers').length === 0;
  return (deletionGracePeriodSeconds ?? 0) === 0;
}
