import { type KubernetesObject, listAt, textAt } from '@shipit/health';
import { ApiConnection, type ApiRequest } from './api-connection.js';
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
import { ClusterError, isClusterError, tooMany } from './cluster-error.js';
import { Discovery, type ServedKind } from './discovery.js';
import { clientSideManagers, takeoverPatch } from './field-takeover.js';
import { type KubeConfigSource, loadKubeConfig } from './kube-config.js';
import { readLines } from './read-body.js';
import { watchObjects } from './watch-objects.js';

export interface KubernetesClusterOptions extends KubeConfigSource {
  /** What the configuration calls it; in every error's message. */
  name: string;
  userAgent?: string | undefined;
  /** For each call; a list has it for each page. Default 15 s. */
  deadlineMs?: number | undefined;
  /** A watch that is silent for longer is opened again. API servers send a bookmark every minute. Default 150 s. */
  watchIdleMs?: number | undefined;
  /** First pause before a watch starts again. Default 500 ms. */
  watchPauseMs?: number | undefined;
  /** Told of what went wrong in a watch, which goes on. */
  onWatchProblem?: ((problem: unknown, query: ObjectQuery) => void) | undefined;
}

const pageSize = '500';
const applyManager = 'helm';
/** Writes that are not server-side apply are under a name of their own, or the next apply would take their fields over. */
const patchManager = 'ship-it';
const watchSeconds = 300;

/** A {@link Cluster} behind a Kubernetes API server, by the credentials of a kubeconfig. */
export class KubernetesCluster extends Cluster {
  readonly name: string;
  private readonly connection: ApiConnection;
  private readonly discovery: Discovery;

  constructor(
    private readonly options: KubernetesClusterOptions,
    connection?: ApiConnection,
  ) {
    super();
    this.name = options.name;
    const { userAgent = 'ship-it', deadlineMs = 15_000 } = options;
    this.connection = connection ?? new ApiConnection(loadKubeConfig(options), { userAgent, deadlineMs });
    this.discovery = new Discovery(this.connection, `in cluster ${this.name}`);
  }

  /** The same cluster with the rights of a service account only. */
  asServiceAccount(namespace: string, account: string): KubernetesCluster {
    const user = `system:serviceaccount:${namespace}:${account}`;
    return new KubernetesCluster(this.options, this.connection.withHeaders({ 'impersonate-user': user }));
  }

  /** Lets the kept-alive connections go; the cluster may be used again. */
  close(): void {
    this.connection.close();
  }

  capabilities(): Promise<Capabilities> {
    return this.discovery.capabilities();
  }

  async scopeOf(apiVersion: string, kind: string): Promise<'Namespaced' | 'Cluster' | undefined> {
    const served = await this.discovery.find(apiVersion, kind);
    return served && (served.isNamespaced ? 'Namespaced' : 'Cluster');
  }

  async read(ref: ObjectRef): Promise<KubernetesObject | undefined> {
    const served = await this.discovery.find(ref.apiVersion, ref.kind);
    if (!served) return undefined;
    try {
      return await this.call('read', ref, { method: 'GET', path: objectPath(served, ref) });
    } catch (error) {
      if (isClusterError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async list(query: ObjectQuery, options: ListOptions = {}): Promise<KubernetesObject[]> {
    return (await this.listAll(query, options)).items;
  }

  async apply(object: KubernetesObject, options: ApplyOptions = {}): Promise<KubernetesObject> {
    const ref = refOf(object);
    const attempt = (force: boolean | undefined) => this.sendApply(object, { ...options, force });
    try {
      const stored = await attempt(options.force);
      if (options.dryRun || clientSideManagers(stored).length === 0) return stored;
    } catch (error) {
      if (!(await this.isClientSideConflict(ref, error))) throw error;
      // The real apply will take these fields over first; a dry run must not write, so it looks past them.
      if (options.dryRun) return attempt(true);
    }
    await this.takeOver(ref, options);
    return attempt(options.force);
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    const ref = refOf(object);
    const served = await this.servedKind('create', ref);
    const path = collectionPath(served, { namespace: ref.namespace ?? 'default' });
    return this.call('create', ref, { method: 'POST', path, query: { fieldManager: patchManager }, body: object });
  }

  async mergePatch(ref: ObjectRef, patch: object, options: MergePatchOptions = {}): Promise<KubernetesObject> {
    const served = await this.servedKind('patch', ref);
    const { resourceVersion, subresource } = options;
    const metadata = { ...(patch as { metadata?: object }).metadata, ...(resourceVersion ? { resourceVersion } : {}) };
    return this.call('patch', ref, {
      method: 'PATCH',
      path: objectPath(served, ref) + (subresource ? `/${subresource}` : ''),
      query: { fieldManager: patchManager },
      contentType: 'application/merge-patch+json',
      body: Object.keys(metadata).length > 0 ? { ...patch, metadata } : patch,
    });
  }

  async delete(ref: ObjectRef, options: DeleteOptions = {}): Promise<void> {
    const served = await this.discovery.find(ref.apiVersion, ref.kind);
    if (!served) return;
    const { uid, propagation = 'Background' } = options;
    const body = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: propagation,
      ...(uid ? { preconditions: { uid } } : {}),
    };
    try {
      await this.call('delete', ref, { method: 'DELETE', path: objectPath(served, ref), body });
    } catch (error) {
      const isGone = isClusterError(error, 'NotFound') || (uid !== undefined && isClusterError(error, 'Conflict'));
      if (!isGone) throw error;
    }
  }

  watch(query: ObjectQuery, onChange: (change: ObjectChange) => void, signal: AbortSignal): Promise<void> {
    const { watchPauseMs = 500, onWatchProblem } = this.options;
    const source = {
      list: () => this.listAll(query),
      open: (resourceVersion: string) => this.openWatch(query, resourceVersion, signal),
    };
    const onProblem = (problem: unknown) => onWatchProblem?.(problem, query);
    return watchObjects(source, onChange, { signal, pauseMs: watchPauseMs, onProblem });
  }

  private async listAll(
    query: ObjectQuery,
    { maxItems = Infinity, maxPageBytes }: ListOptions = {},
  ): Promise<{ items: KubernetesObject[]; resourceVersion: string }> {
    const doing = `list ${query.kind} in cluster ${this.name}`;
    const served = await this.servedKind('list', { ...query, name: '' });
    const items: KubernetesObject[] = [];
    let next: string | undefined;
    for (;;) {
      const { labelSelector } = query;
      const pages = { labelSelector, limit: pageSize, continue: next };
      const page = await this.connection.call({
        method: 'GET',
        path: collectionPath(served, query),
        query: pages,
        doing,
        maxBytes: maxPageBytes,
      });
      // Items of built-in kinds come without their kind.
      for (const item of listAt(page, 'items') as KubernetesObject[]) {
        items.push({ ...item, apiVersion: query.apiVersion, kind: query.kind });
      }
      if (items.length > maxItems) throw tooMany(query.kind, this.name, maxItems);
      next = textAt(page, 'metadata', 'continue') || undefined;
      if (next === undefined) return { items, resourceVersion: textAt(page, 'metadata', 'resourceVersion') };
    }
  }

  private async *openWatch(query: ObjectQuery, resourceVersion: string, signal: AbortSignal): AsyncGenerator<string> {
    const served = await this.servedKind('watch', { ...query, name: '' });
    const { labelSelector } = query;
    const response = await this.connection.open(
      {
        method: 'GET',
        path: collectionPath(served, query),
        query: {
          labelSelector,
          watch: 'true',
          resourceVersion,
          allowWatchBookmarks: 'true',
          timeoutSeconds: String(watchSeconds),
        },
        doing: `watch ${query.kind} in cluster ${this.name}`,
      },
      signal,
    );
    yield* readLines(response, this.options.watchIdleMs ?? 150_000);
  }

  private async sendApply(object: KubernetesObject, options: ApplyOptions): Promise<KubernetesObject> {
    const ref = refOf(object);
    const served = await this.servedKind('apply', ref);
    const { managedFields: _managedFields, ...metadata } = object.metadata;
    const stored = await this.call(options.dryRun ? 'dry-run' : 'apply', ref, {
      method: 'PATCH',
      path: objectPath(served, ref),
      query: {
        fieldManager: options.fieldManager ?? applyManager,
        force: options.force ? 'true' : undefined,
        dryRun: options.dryRun ? 'All' : undefined,
      },
      contentType: 'application/apply-patch+yaml',
      body: { ...object, metadata },
    });
    if (ref.kind === 'CustomResourceDefinition' && !options.dryRun) this.discovery.forget();
    return stored;
  }

  private async isClientSideConflict(ref: ObjectRef, error: unknown): Promise<boolean> {
    if (!isClusterError(error, 'Conflict') || error.conflicts.length === 0) return false;
    const live = await this.read(ref);
    const managers = live ? clientSideManagers(live) : [];
    return error.conflicts.every(({ manager }) => managers.includes(manager));
  }

  private async takeOver(ref: ObjectRef, { fieldManager = applyManager, onTakeover }: ApplyOptions): Promise<void> {
    const served = await this.servedKind('take over', ref);
    for (let attempt = 1; ; attempt += 1) {
      const live = await this.read(ref);
      const managers = live ? clientSideManagers(live) : [];
      if (!live || managers.length === 0) return;
      try {
        await this.call('take over', ref, {
          method: 'PATCH',
          path: objectPath(served, ref),
          contentType: 'application/json-patch+json',
          body: takeoverPatch(live, fieldManager),
        });
        return onTakeover?.(managers);
      } catch (error) {
        if (!isClusterError(error, 'Conflict') || attempt === 5) throw error;
      }
    }
  }

  private async servedKind(verb: string, ref: ObjectRef): Promise<ServedKind> {
    const served = await this.discovery.find(ref.apiVersion, ref.kind);
    if (served) return served;
    const what = ref.name ? describeRef(ref) : ref.kind;
    throw new ClusterError(
      'NotFound',
      `${verb} ${what} in cluster ${this.name}: it serves no ${ref.kind} of ${ref.apiVersion}`,
    );
  }

  private async call(verb: string, ref: ObjectRef, request: Omit<ApiRequest, 'doing'>): Promise<KubernetesObject> {
    const doing = `${verb} ${describeRef(ref)} in cluster ${this.name}`;
    return (await this.connection.call({ ...request, doing })) as KubernetesObject;
  }
}

function collectionPath(served: ServedKind, { namespace }: { namespace?: string | undefined }): string {
  demandSegment(namespace);
  const scope = served.isNamespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${served.base}${scope}/${served.plural}`;
}

function objectPath(served: ServedKind, ref: ObjectRef): string {
  const { namespace = 'default', name } = ref;
  if (name === '' || namespace === '') throw new ClusterError('Invalid', `${describeRef(ref)} is not a name`);
  demandSegment(name);
  return `${collectionPath(served, { namespace })}/${encodeURIComponent(name)}`;
}

/** A path would be normalised, and "..", as a name, would be another path. */
function demandSegment(name: string | undefined): void {
  if (name === '.' || name === '..') throw new ClusterError('Invalid', `"${name}" is not a name`);
}
