import { ApiError, badRequest, invalid, requiredValue } from '../api-error.js';
import { isObject, textAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { jsonPatch } from '../patch/json-patch.js';
import { mergePatch } from '../patch/merge-patch.js';
import { strategicMergePatch } from '../patch/strategic-merge-patch.js';
import { apiVersionOf, versioned, type ResourceType } from '../resources/resource-type.js';
import { readFields } from '../schema/unknown-fields.js';
import type { ApiRequest } from './api-request.js';
import { checkDocument, placed } from './document.js';
import type { ObjectWriter, Target, WriteContext } from './object-writer.js';
import type { Reply } from './reply.js';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';

export function patchObject(writer: ObjectWriter, target: Target, request: ApiRequest, context: WriteContext): Reply {
  if (request.contentType === APPLY) return applyObject(writer, target, request, context);
  const live = versioned(target.type, writer.read(target));
  const patched = patchedDocument(live, target.type, request);
  const { object, warnings } = checkDocument(
    target.type,
    placed(target.type, patched, target),
    request.query.get('fieldValidation') ?? 'Warn',
  );
  return { code: 200, body: versioned(target.type, writer.update(target, object, context)), warnings };
}

function patchedDocument(live: KubeObject, type: ResourceType, { contentType, body }: ApiRequest): JsonObject {
  switch (contentType) {
    case JSON_PATCH:
      return jsonPatch(live, body);
    case MERGE:
      if (!isObject(body)) throw badRequest('a merge patch must be an object');
      return mergePatch(live, body) as JsonObject;
    case STRATEGIC:
      if (type.custom) throw unsupported(contentType, [JSON_PATCH, MERGE, APPLY]);
      if (!isObject(body)) throw badRequest('a strategic merge patch must be an object');
      return strategicMergePatch(live, body, type.fields);
    default:
      throw unsupported(contentType, [JSON_PATCH, MERGE, STRATEGIC, APPLY]);
  }
}

function unsupported(contentType: string, accepted: string[]): ApiError {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return new ApiError(415, 'UnsupportedMediaType', contentType === '' ? 'a content type is required' : message);
}

function applyObject(writer: ObjectWriter, target: Target, request: ApiRequest, context: WriteContext): Reply {
  const { type, name } = target;
  const manager = request.query.get('fieldManager');
  if (!manager)
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, '', [
      requiredValue('fieldManager', 'is required for apply patch'),
    ]);
  const body = request.body;
  if (!isObject(body)) throw badRequest('error decoding YAML: the body must be an object');
  if (body['apiVersion'] !== apiVersionOf(type) || body['kind'] !== type.kind) {
    throw badRequest(`${name}: apiVersion and kind of the body must be ${apiVersionOf(type)}, Kind=${type.kind}`);
  }
  if (
    isObject(body['metadata']) &&
    Array.isArray(body['metadata']['managedFields']) &&
    body['metadata']['managedFields'].length > 0
  ) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const applied = placed(type, readApplied(target, body, request), target);
  const force = request.query.get('force') === 'true';
  const { object, created } = writer.apply(target, applied, { ...context, manager, force });
  return { code: created ? 201 : 200, body: versioned(type, object) };
}

/** An apply must be understood in full: a field that is not declared fails it, whatever the validation asked for. */
function readApplied({ type, name }: Target, body: JsonObject, request: ApiRequest): JsonObject {
  if (request.query.get('fieldValidation') === 'Strict') checkDocument(type, body, 'Strict');
  const { object, problems } = readFields(body, type.fields);
  const unknown = problems.find(({ problem }) => problem === 'unknown');
  if (unknown && !type.custom) {
    const place = `${textAt(body, 'metadata', 'namespace') ?? ''}/${name}; ${apiVersionOf(type)}, Kind=${type.kind}`;
    throw new ApiError(
      500,
      '',
      `failed to create typed patch object (${place}): .${unknown.path}: field not declared in schema`,
    );
  }
  checkDocument(type, object, 'Ignore');
  return object;
}
