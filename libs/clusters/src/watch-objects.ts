import { setTimeout as sleep } from 'node:timers/promises';
import { fieldAt, type KubernetesObject, numberAt, textAt } from '@shipit/health';
import type { ObjectChange } from './cluster.js';
import { ClusterError, errorFromAnswer, isClusterError } from './cluster-error.js';

export interface WatchSource {
  list(): Promise<{ items: KubernetesObject[]; resourceVersion: string }>;
  /** The lines of one watch request. */
  open(resourceVersion: string, signal: AbortSignal): AsyncIterable<string>;
}

export interface WatchOptions {
  signal: AbortSignal;
  /** First pause after a failure; doubled up to 30 s. */
  pauseMs: number;
  /** The watch goes on after it; this is where it is told. */
  onProblem: (problem: unknown) => void;
}

const longestPauseMs = 30_000;

/** Lists, watches, and starts again for as long as the signal allows. */
export async function watchObjects(
  source: WatchSource,
  onChange: (change: ObjectChange) => void,
  options: WatchOptions,
): Promise<void> {
  const seen = new SeenObjects(onChange);
  let version: string | undefined;
  let pauseMs = options.pauseMs;
  while (!options.signal.aborted) {
    try {
      version ??= seen.replaceAll(await source.list());
      for await (const line of source.open(version, options.signal)) {
        version = seen.take(JSON.parse(line)) ?? version;
        pauseMs = options.pauseMs;
      }
    } catch (error) {
      if (options.signal.aborted) return;
      // The server has forgotten what happened since our version: only a new list tells.
      if (isClusterError(error, 'Expired')) version = undefined;
      options.onProblem(error);
    }
    await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal: options.signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

/** Remembers the version of each object, so that a repeated list or event is not told twice. */
class SeenObjects {
  private readonly byKey = new Map<string, KubernetesObject>();

  constructor(private readonly onChange: (change: ObjectChange) => void) {}

  replaceAll({ items, resourceVersion }: { items: KubernetesObject[]; resourceVersion: string }): string {
    const present = new Set(items.map(keyOf));
    for (const [key, object] of this.byKey) if (!present.has(key)) this.remove(key, object);
    for (const object of items) this.put(object);
    return resourceVersion;
  }

  /** Returns the version to go on from. */
  take(event: unknown): string | undefined {
    const object = fieldAt(event, 'object') as KubernetesObject | undefined;
    switch (textAt(event, 'type')) {
      case 'ADDED':
      case 'MODIFIED':
        if (object) this.put(object);
        break;
      case 'DELETED':
        if (object) this.remove(keyOf(object), object);
        break;
      case 'BOOKMARK':
        break;
      default:
        throw problemOf(object);
    }
    return textAt(object, 'metadata', 'resourceVersion') || undefined;
  }

  private put(object: KubernetesObject): void {
    const key = keyOf(object);
    const known = this.byKey.get(key);
    if (
      known?.metadata.uid === object.metadata.uid &&
      known?.metadata.resourceVersion === object.metadata.resourceVersion
    )
      return;
    if (known && known.metadata.uid !== object.metadata.uid) this.remove(key, known);
    const type = this.byKey.has(key) ? 'modified' : 'added';
    this.byKey.set(key, withoutBody(object));
    this.onChange({ type, object });
  }

  private remove(key: string, object: KubernetesObject): void {
    if (this.byKey.delete(key)) this.onChange({ type: 'deleted', object });
  }
}

function keyOf(object: KubernetesObject): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

/** A thousand watched pods need not lie in memory: their metadata is enough to tell that they are gone. */
function withoutBody({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  const { managedFields: _managedFields, ...rest } = metadata;
  return { apiVersion, kind, metadata: rest };
}

function problemOf(status: unknown): ClusterError {
  const code = numberAt(status, 'code');
  if (code !== undefined) return errorFromAnswer('watch', code, status);
  return new ClusterError('Other', 'watch: the server sent an event that is not understood');
}
