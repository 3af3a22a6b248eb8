import { ApiError, badRequest } from '../api-error.js';
import type { Json, JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { apiVersionOf, storageKey, type ResourceType } from '../resources/resource-type.js';
import type { Change, ObjectStore } from '../store/object-store.js';
import type { Reply, ReplyStream } from './reply.js';

export interface WatchRequest {
  type: ResourceType;
  namespace: string | undefined;
  isSelected: (object: KubeObject) => boolean;
  /** Empty or 0: begin with everything that is there. */
  since: string;
  isInitialListWanted: boolean;
  areBookmarksWanted: boolean;
  timeoutSeconds: number | undefined;
  present: (object: KubeObject) => Json;
}

const BOOKMARK_INTERVAL = 30_000;

/** Streams changes as JSON lines. A change that moves an object into or out of the selection is told as added or deleted. */
export function watchReply(store: ObjectStore, request: WatchRequest): Reply {
  const past = pastChanges(store, request);
  return {
    stream: (output) => {
      output.start('application/json');
      if (past instanceof ApiError) {
        output.write(line('ERROR', past.status));
        output.end();
        return;
      }
      for (const entry of past) output.write(entry);
      follow(store, request, output);
    },
  };
}

function pastChanges(store: ObjectStore, request: WatchRequest): string[] | ApiError {
  const { type, since } = request;
  const version = Number(since);
  if (!Number.isInteger(version)) throw badRequest(`invalid resource version ${JSON.stringify(since)}`);
  const startsNow = since === '' || since === '0' || request.isInitialListWanted;
  try {
    if (!startsNow) return store.changesSince(storageKey(type), version).flatMap((change) => tell(change, request));
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  const present = store.list(storageKey(type), request.namespace).filter(request.isSelected);
  const added = present.map((object) => line('ADDED', request.present(object)));
  return request.isInitialListWanted
    ? [...added, bookmark(store, type, { 'k8s.io/initial-events-end': 'true' })]
    : added;
}

function follow(store: ObjectStore, request: WatchRequest, output: ReplyStream): void {
  const unsubscribe = store.subscribe((change) => {
    for (const entry of tell(change, request)) output.write(entry);
  });
  const marks = request.areBookmarksWanted
    ? setInterval(() => output.write(bookmark(store, request.type)), BOOKMARK_INTERVAL)
    : undefined;
  const limit =
    request.timeoutSeconds === undefined ? undefined : setTimeout(() => output.end(), request.timeoutSeconds * 1000);
  output.onClose(() => {
    unsubscribe();
    clearInterval(marks);
    clearTimeout(limit);
  });
}

function tell(change: Change, request: WatchRequest): string[] {
  const { object } = change;
  if (change.storage !== storageKey(request.type)) return [];
  if (request.namespace !== undefined && object.metadata.namespace !== request.namespace) return [];
  const type = seenAs(change, request.isSelected);
  return type === undefined ? [] : [line(type, request.present(object))];
}

function seenAs({ type, object, previous }: Change, isSelected: WatchRequest['isSelected']): string | undefined {
  const was = previous !== undefined && isSelected(previous);
  const is = type !== 'DELETED' && isSelected(object);
  if (is) return was ? 'MODIFIED' : 'ADDED';
  return was ? 'DELETED' : undefined;
}

function bookmark(store: ObjectStore, type: ResourceType, annotations?: JsonObject): string {
  const metadata = {
    resourceVersion: String(store.version),
    creationTimestamp: null,
    ...(annotations && { annotations }),
  };
  return line('BOOKMARK', { kind: type.kind, apiVersion: apiVersionOf(type), metadata });
}

function line(type: string, object: Json): string {
  return `${JSON.stringify({ type, object })}\n`;
}
