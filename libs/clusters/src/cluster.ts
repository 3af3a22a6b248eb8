import type { KubernetesObject } from '@shipit/health';

export interface ObjectRef {
  apiVersion: string;
  kind: string;
  namespace?: string | undefined;
  name: string;
}

export interface ObjectQuery {
  apiVersion: string;
  kind: string;
  /** All namespaces where absent. */
  namespace?: string | undefined;
  /** As kubectl's -l: `app=web,tier in (a,b),!old`. */
  labelSelector?: string | undefined;
}

export interface ListOptions {
  /** More than these are an error. */
  maxItems?: number | undefined;
  /** A page of more than these bytes is an error, and is not read to its end. Default 100 MiB. */
  maxPageBytes?: number | undefined;
}

export interface ApplyOptions {
  /** Goes through admission and validation, and is not stored. */
  dryRun?: boolean | undefined;
  /** Takes fields from other managers instead of failing with a Conflict. */
  force?: boolean | undefined;
  /** Default: `helm`. */
  fieldManager?: string | undefined;
  /** Told when fields that kubectl or Helm 3 wrote client-side became ours. */
  onTakeover?: ((managers: string[]) => void) | undefined;
}

export interface MergePatchOptions {
  subresource?: 'status' | undefined;
  /** Fails with a Conflict unless the object is still at this version. */
  resourceVersion?: string | undefined;
}

export interface DeleteOptions {
  /** Only this very object: another one of the same name stays. */
  uid?: string | undefined;
  propagation?: 'Foreground' | 'Background' | 'Orphan' | undefined;
}

export interface ObjectChange {
  type: 'added' | 'modified' | 'deleted';
  /** After a gap in the watch a deleted object may carry its metadata only. */
  object: KubernetesObject;
}

export interface Capabilities {
  /** Such as `v1.35.4`. */
  kubeVersion: string;
  /** As Helm's .Capabilities.APIVersions: `apps/v1` and `apps/v1/Deployment`. */
  apiVersions: string[];
}

/**
 * One Kubernetes cluster. All methods reject with a {@link ClusterError}; every call has a deadline.
 * Objects without a namespace are read and written as the cluster has their kind: cluster-scoped, or in `default`.
 */
export abstract class Cluster {
  abstract readonly name: string;

  abstract capabilities(): Promise<Capabilities>;

  /** undefined: the cluster does not serve the kind. */
  abstract scopeOf(apiVersion: string, kind: string): Promise<'Namespaced' | 'Cluster' | undefined>;

  /** undefined: there is no such object, or no such kind. */
  abstract read(ref: ObjectRef): Promise<KubernetesObject | undefined>;

  /** Everything that matches, however many pages; NotFound where the kind is not served. */
  abstract list(query: ObjectQuery, options?: ListOptions): Promise<KubernetesObject[]>;

  /** Server-side apply: creates or changes; fields applied before and left out now are removed. Idempotent. */
  abstract apply(object: KubernetesObject, options?: ApplyOptions): Promise<KubernetesObject>;

  /** Exclusive: AlreadyExists where the object is there. */
  abstract create(object: KubernetesObject): Promise<KubernetesObject>;

  /** JSON merge patch: null removes. NotFound where the object is absent. */
  abstract mergePatch(ref: ObjectRef, patch: object, options?: MergePatchOptions): Promise<KubernetesObject>;

  /** Asks for deletion and does not wait for it. An absent object is fine. */
  abstract delete(ref: ObjectRef, options?: DeleteOptions): Promise<void>;

  /**
   * Tells of every object that matches, then of each change; restarts by itself with growing pauses, and tells
   * after a gap what is new, changed or gone. Each version of an object at most once. Resolves when the signal aborts.
   */
  abstract watch(query: ObjectQuery, onChange: (change: ObjectChange) => void, signal: AbortSignal): Promise<void>;
}

/** `Deployment default/word-counts`, for messages. */
export function describeRef({ kind, namespace, name }: ObjectRef): string {
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

export function refOf(object: KubernetesObject): ObjectRef {
  const { name, namespace } = object.metadata;
  return { apiVersion: object.apiVersion, kind: object.kind, name, namespace };
}
