import { ApiError, badRequest, noSuchPath } from '../api-error.js';
import { isObject, objectAt, textAt, without, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { apiVersionOf, storageKey, type ResourceType, type Subresource } from '../resources/resource-type.js';
import { toTable } from '../tables/table.js';
import type { ApiRequest } from './api-request.js';
import { readDocument } from './document.js';
import { deletedStatus, deleteObject, readDeleteOptions } from './deletion.js';
import { parseFieldSelector } from './field-selector.js';
import { parseLabelSelector } from './label-selector.js';
import type { ObjectWriter, Target, WriteContext } from './object-writer.js';
import { patchObject } from './patching.js';
import { ok, type Reply } from './reply.js';
import { handleScale } from './scale.js';
import { watchReply } from './watch.js';

export interface ResourcePath {
  type: ResourceType;
  namespace: string | undefined;
  name: string | undefined;
  subresource: string | undefined;
}

/** Answers one request for objects of one kind. */
export function handleResource(writer: ObjectWriter, path: ResourcePath, request: ApiRequest): Reply {
  const { type, name, subresource } = path;
  if (name === undefined) return handleCollection(writer, path, request);
  if (subresource !== undefined && !type.subresources.includes(subresource as Subresource)) throw noSuchPath();
  const target = { type, namespace: path.namespace ?? '', name };
  if (subresource === 'log') return { code: 200, body: '', contentType: 'text/plain' };
  if (subresource === 'scale') return handleScale(writer, target, request);
  return handleObject(writer, target, request, subresource);
}

function handleObject(
  writer: ObjectWriter,
  target: Target,
  request: ApiRequest,
  subresource: string | undefined,
): Reply {
  const context = { ...writeContext(request), ...(subresource === 'status' && { subresource }) };
  switch (request.method) {
    case 'GET':
      return ok(present(target.type, [writer.read(target)], request)(writer.read(target)));
    case 'PUT': {
      const { object, warnings } = readDocument(target.type, request, target);
      return {
        code: 200,
        body: versioned(
          target.type,
          put(writer, target, object, { ...context, ...(subresource === 'finalize' && { subresource }) }),
        ),
        warnings,
      };
    }
    case 'PATCH':
      return patchObject(writer, target, request, context);
    case 'DELETE': {
      const { object, isGone } = deleteObject(writer, target, readDeleteOptions(request.query, request.body));
      return ok(isGone ? deletedStatus(target, object) : versioned(target.type, object));
    }
    default:
      throw methodNotAllowed();
  }
}

function put(writer: ObjectWriter, target: Target, object: JsonObject, context: WriteContext): KubeObject {
  return writer.update(target, object, context);
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
    present: present(type, [], request),
  });
}

function select(writer: ObjectWriter, { type, namespace }: ResourcePath, request: ApiRequest): KubeObject[] {
  return writer.store.list(storageKey(type), namespace).filter(selection(type, request.query));
}

function selection(type: ResourceType, query: URLSearchParams): (object: KubeObject) => boolean {
  const byLabel = parseLabelSelector(query.get('labelSelector') ?? '');
  const byField = parseFieldSelector(query.get('fieldSelector') ?? '', type);
  return (object) => byLabel(object) && byField(object);
}

/** How the client wants objects: whole, as rows of a table, or only their metadata. */
function present(type: ResourceType, _objects: KubeObject[], request: ApiRequest): (object: KubeObject) => Json {
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

/** Objects of all versions are stored together and shown in the one that is asked for. */
export function versioned(type: ResourceType, object: KubeObject): KubeObject {
  return object.apiVersion === apiVersionOf(type) ? object : { ...object, apiVersion: apiVersionOf(type) };
}

function targetOf(type: ResourceType, { metadata }: KubeObject): Target {
  return { type, namespace: metadata.namespace ?? '', name: metadata.name };
}

/** Who writes: what the client says, else the first word of its user agent. */
export function writeContext(request: ApiRequest): WriteContext {
  const agent = request.userAgent.split('/')[0]?.trim() ?? '';
  const options = objectAt(isObject(request.body) ? request.body : {}, 'options');
  const manager = request.query.get('fieldManager') ?? textAt(options, 'fieldManager') ?? '';
  const dryRun = request.query.get('dryRun');
  if (dryRun !== null && dryRun !== 'All') throw badRequest(`invalid dryRun value ${dryRun}: valid values are "All"`);
  return { manager: manager || agent || 'unknown', dryRun: dryRun === 'All' };
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

function methodNotAllowed(): ApiError {
  return new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource');
}
