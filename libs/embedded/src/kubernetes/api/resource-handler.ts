import { ApiError, noSuchPath } from '../api-error.js';
import { without, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import {
  apiVersionOf,
  storageKey,
  versioned,
  type ResourceType,
  type Subresource,
} from '../resources/resource-type.js';
import { toTable } from '../tables/table.js';
import type { ApiRequest } from './api-request.js';
import { readDocument } from './document.js';
import { deletedStatus, deleteObject, readDeleteOptions } from './deletion.js';
import { parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './label-selector.js';
import type { ObjectWriter, Target } from './object-writer.js';
import { patchObject } from './patching.js';
import { ok, type Reply } from './reply.js';
import { handleScale } from './scale.js';
import { watchReply } from './watch.js';
import { writeContext } from './write-context.js';

export interface ResourcePath {
  type: ResourceType;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** Answers one request for objects of one kind. */
export function handleResource(writer: ObjectWriter, path: ResourcePath, request: ApiRequest): Reply {
  const { type, name, subresource } = path;
  if (type.isReview) return handleReview(path, request);
  if (name === undefined) return handleCollection(writer, path, request);
  if (subresource !== undefined && !type.subresources.includes(subresource as Subresource)) throw noSuchPath();
  const target = { type, namespace: path.namespace ?? '', name };
  if (subresource === 'log') return { code: 200, body: '', contentType: 'text/plain' };
  if (subresource === 'scale') return handleScale(writer, target, request);
  return handleObject(writer, target, request, subresource);
}

/** The one who has the token may do everything. */
function handleReview({ type, name }: ResourcePath, request: ApiRequest): Reply {
  if (request.method !== 'POST' || name !== undefined) throw methodNotAllowed();
  const { object } = readDocument(type, request, { namespace: '', name: undefined });
  return ok({ ...object, apiVersion: apiVersionOf(type), kind: type.kind, status: { allowed: true } }, 201);
}

function handleObject(writer: ObjectWriter, target: Target, request: ApiRequest, subresource?: string): Reply {
  const { type } = target;
  const context = { ...writeContext(request), ...(subresource !== undefined && { subresource }) };
  if (request.method === 'DELETE' && subresource === undefined) return handleDelete(writer, target, request);
  switch (request.method) {
    case 'GET':
      return ok(presenter(type, request)(writer.read(target)));
    case 'PUT': {
      const { object, warnings } = readDocument(type, request, target);
      return { code: 200, body: versioned(type, writer.update(target, object, context)), warnings };
    }
    case 'PATCH':
      return patchObject(writer, target, request, context);
    default:
      throw methodNotAllowed();
  }
}

function handleDelete(writer: ObjectWriter, target: Target, { query, body }: ApiRequest): Reply {
  const { object, isGone } = deleteObject(writer, target, readDeleteOptions(query, body));
  return ok(isGone ? deletedStatus(target, object) : versioned(target.type, object));
}

function handleCollection(writer: ObjectWriter, path: ResourcePath, request: ApiRequest): Reply {
  const { type, namespace } = path;
  switch (request.method) {
    case 'GET':
      return isTrue(request.query.get('watch'))
        ? watchCollection(writer, path, request)
        : listCollection(writer, path, request);
    case 'POST': {
      if (type.namespaced && namespace === undefined) throw methodNotAllowed();
      const { object, warnings } = readDocument(type, request, { namespace: namespace ?? '', name: undefined });
      return {
        code: 201,
        body: versioned(type, writer.create(type, namespace ?? '', object, writeContext(request))),
        warnings,
      };
    }
    case 'DELETE': {
      const options = readDeleteOptions(request.query, request.body);
      const gone = select(writer, path, request).map(
        (object) => deleteObject(writer, targetOf(type, object), options).object,
      );
      return ok(asList(type, gone, String(writer.store.version)));
    }
    default:
      throw methodNotAllowed();
  }
}

function listCollection(writer: ObjectWriter, path: ResourcePath, request: ApiRequest): Reply {
  const objects = select(writer, path, request);
  const version = String(writer.store.version);
  const table = tableOptions(request);
  if (table) return ok(toTable(path.type, objects, { resourceVersion: version }, table));
  const list = asList(path.type, objects, version);
  return ok(
    isPartial(request)
      ? { ...list, kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', items: objects.map(partial) }
      : list,
  );
}

function watchCollection(writer: ObjectWriter, { type, namespace }: ResourcePath, request: ApiRequest): Reply {
  const { query } = request;
  const timeout = Number(query.get('timeoutSeconds'));
  return watchReply(writer.store, {
    type,
    namespace,
    isSelected: selection(type, query),
    since: query.get('resourceVersion') ?? '',
    isInitialListWanted: isTrue(query.get('sendInitialEvents')),
    areBookmarksWanted: isTrue(query.get('allowWatchBookmarks')),
    timeoutSeconds: timeout > 0 ? timeout : undefined,
    present: presenter(type, request),
  });
}

function select(writer: ObjectWriter, { type, namespace }: ResourcePath, request: ApiRequest): KubeObject[] {
  return writer.store.list(storageKey(type), namespace).filter(selection(type, request.query)).sort(byName);
}

function byName(left: KubeObject, right: KubeObject): number {
  const key = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  return key(left) < key(right) ? -1 : 1;
}

function selection(type: ResourceType, query: URLSearchParams): (object: KubeObject) => boolean {
  const byLabel = parseLabelSelector(query.get('labelSelector') ?? '');
  const byField = parseFieldSelector(query.get('fieldSelector') ?? '', type);
  return (object) => byLabel(object) && byField(object);
}

/** How the client wants objects: whole, as rows of a table, or only their metadata. */
function presenter(type: ResourceType, request: ApiRequest): (object: KubeObject) => Json {
  const table = tableOptions(request);
  if (!table) return isPartial(request) ? partial : (object) => versioned(type, object);
  let isFirst = true;
  return (object) => {
    const rows = toTable(
      type,
      [object],
      { resourceVersion: object.metadata.resourceVersion },
      { ...table, isWithHeader: isFirst },
    );
    isFirst = false;
    return rows;
  };
}

function tableOptions(request: ApiRequest): { include: string; isWithHeader: boolean } | undefined {
  if (!/as=Table;[^,]*v=v1(;|,|$)/.test(`${request.accept},`)) return undefined;
  return { include: request.query.get('includeObject') ?? 'Metadata', isWithHeader: true };
}

function isPartial(request: ApiRequest): boolean {
  return /as=PartialObjectMetadata(List)?;/.test(request.accept);
}

function partial(object: KubeObject): JsonObject {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata };
}

/** Items of a list leave their kind out, except those of custom resources. */
function asList(type: ResourceType, objects: KubeObject[], resourceVersion: string): JsonObject {
  const items = objects.map((object) =>
    type.custom ? versioned(type, object) : without(object, 'apiVersion', 'kind'),
  );
  return { kind: `${type.kind}List`, apiVersion: apiVersionOf(type), metadata: { resourceVersion }, items };
}

function targetOf(type: ResourceType, { metadata }: KubeObject): Target {
  return { type, namespace: metadata.namespace ?? '', name: metadata.name };
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
