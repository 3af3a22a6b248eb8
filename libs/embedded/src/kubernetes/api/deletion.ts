import { conflict, forbidden } from '../api-error.js';
import { objectAt, textAt, type Json, type JsonObject } from '../json.js';
import { now, type KubeObject, type ObjectMeta } from '../objects.js';
import type { ObjectWriter, Target } from './object-writer.js';

export type Propagation = 'Background' | 'Foreground' | 'Orphan';

export interface DeleteOptions {
  propagation: Propagation;
  graceSeconds: number | undefined;
  uid: string | undefined;
  resourceVersion: string | undefined;
  dryRun: boolean;
}

const HOLDING: Partial<Record<Propagation, string>> = { Foreground: 'foregroundDeletion', Orphan: 'orphan' };
const KEPT_NAMESPACES = ['default', 'kube-system', 'kube-public'];

export function readDeleteOptions(query: URLSearchParams, body: Json): DeleteOptions {
  const given = objectAt(body);
  const grace = query.get('gracePeriodSeconds') ?? given['gracePeriodSeconds'];
  const propagation = query.get('propagationPolicy') ?? textAt(given, 'propagationPolicy') ?? 'Background';
  return {
    propagation: propagation === 'Foreground' || propagation === 'Orphan' ? propagation : 'Background',
    graceSeconds: typeof grace === 'string' || typeof grace === 'number' ? Number(grace) : undefined,
    uid: textAt(given, 'preconditions', 'uid'),
    resourceVersion: textAt(given, 'preconditions', 'resourceVersion'),
    dryRun: query.get('dryRun') === 'All' || JSON.stringify(given['dryRun']) === '["All"]',
  };
}

/** Deletes an object, or marks it where a finalizer, its grace period or its dependents hold it. */
export function deleteObject(
  writer: ObjectWriter,
  target: Target,
  options: DeleteOptions,
): { object: KubeObject; isGone: boolean } {
  const live = writer.read(target);
  checkDelete(target, live, options);
  const holding = HOLDING[options.propagation];
  const finalizers = [
    ...(live.metadata.finalizers ?? []),
    ...(holding && !live.metadata.finalizers?.includes(holding) ? [holding] : []),
  ];
  const grace = graceOf(live, options);
  const isHeld = finalizers.length > 0 || grace > 0 || live.kind === 'Namespace';
  if (!isHeld) return { object: options.dryRun ? live : writer.drop(target, live), isGone: true };
  return { object: writer.mark(target, live, deletionMarks(live, finalizers, grace), options.dryRun), isGone: false };
}

/** What the client is told of an object that went at once. */
export function deletedStatus({ type, name }: Target, { metadata }: KubeObject): JsonObject {
  const details = { name, ...(type.group !== '' && { group: type.group }), kind: type.plural, uid: metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

function checkDelete(target: Target, live: KubeObject, { uid, resourceVersion }: DeleteOptions): void {
  if (uid !== undefined && uid !== live.metadata.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${live.metadata.uid}). The object might have been deleted and then recreated`;
    throw conflict(target.type, target.name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== live.metadata.resourceVersion) {
    const both = `ResourceVersion in precondition: ${resourceVersion}, ResourceVersion in object meta: ${live.metadata.resourceVersion}`;
    throw conflict(target.type, target.name, `Precondition failed: ${both}`);
  }
  if (live.kind === 'Namespace' && KEPT_NAMESPACES.includes(target.name)) {
    throw forbidden(target.type, target.name, 'this namespace may not be deleted');
  }
}

/** Pods that run get time to stop; others go at once. */
function graceOf(live: KubeObject, { graceSeconds }: DeleteOptions): number {
  const hasEnded = ['Succeeded', 'Failed'].includes(textAt(live, 'status', 'phase') ?? '');
  if (live.kind !== 'Pod' || live.apiVersion !== 'v1' || !textAt(live, 'spec', 'nodeName') || hasEnded) return 0;
  const wanted = Number(objectAt(live, 'spec')['terminationGracePeriodSeconds'] ?? 30);
  return graceSeconds ?? wanted;
}

function deletionMarks(live: KubeObject, finalizers: string[], grace: number): Partial<ObjectMeta> {
  const { deletionTimestamp, generation } = live.metadata;
  const isNew = deletionTimestamp === undefined;
  return {
    ...(finalizers.length > 0 && { finalizers }),
    ...(isNew && { deletionTimestamp: now(), deletionGracePeriodSeconds: grace }),
    ...(isNew && generation !== undefined && { generation: generation + 1 }),
  };
}
