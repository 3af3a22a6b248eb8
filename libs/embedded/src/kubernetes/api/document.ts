import { badRequest } from '../api-error.js';
import { isObject, objectAt, textAt, type Json, type JsonObject } from '../json.js';
import { apiVersionOf, type ResourceType } from '../resources/resource-type.js';
import { readFields, type FieldProblem } from '../schema/unknown-fields.js';
import type { ApiRequest } from './api-request.js';

export interface Document {
  object: JsonObject;
  warnings: string[];
}

interface Place {
  namespace: string;
  name: string | undefined;
}

/** The object in the body of a request, checked against its kind, its place and the fields that are declared. */
export function readDocument(type: ResourceType, request: ApiRequest, place: Place): Document {
  const body = request.body;
  if (!isObject(body)) throw badRequest(`the object provided is unrecognized (must be of type ${type.kind})`);
  checkIdentity(type, body);
  return checkDocument(type, placed(type, body, place), request.query.get('fieldValidation') ?? 'Warn');
}

export function checkDocument(type: ResourceType, body: JsonObject, validation: string): Document {
  const { object, problems } = readFields(body, type.fields);
  // Of a custom resource the schema itself says what is wrong.
  const wrong = type.custom ? undefined : problems.find(({ problem }) => problem === 'type');
  if (wrong) throw wrongType(type, wrong);
  const unknown = problems.filter(({ problem }) => problem === 'unknown').map(({ path }) => `unknown field "${path}"`);
  if (unknown.length > 0 && validation === 'Strict') {
    const { kind, version } = type;
    throw badRequest(
      `${kind} in version "${version}" cannot be handled as a ${kind}: strict decoding error: ${unknown.join(', ')}`,
    );
  }
  return { object, warnings: validation === 'Ignore' ? [] : unknown };
}

function checkIdentity(type: ResourceType, body: JsonObject): void {
  const apiVersion = textAt(body, 'apiVersion') ?? apiVersionOf(type);
  const kind = textAt(body, 'kind') ?? type.kind;
  if (apiVersion !== apiVersionOf(type)) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  }
  if (kind !== type.kind) throw badRequest(`${kind} in version "${type.version}" cannot be handled as a ${type.kind}`);
}

/** Name and namespace come from the path; the body may repeat them, not contradict. */
export function placed(type: ResourceType, body: JsonObject, place: Place): JsonObject {
  const metadata = objectAt(body, 'metadata');
  const namespace = textAt(metadata, 'namespace');
  if (type.namespaced && namespace && namespace !== place.namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
  const name = textAt(metadata, 'name');
  if (place.name !== undefined && name && name !== place.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${place.name})`);
  }
  const here: Record<string, Json> = {
    ...metadata,
    ...(type.namespaced && { namespace: place.namespace }),
    ...(place.name !== undefined && { name: place.name }),
  };
  if (!type.namespaced) delete here['namespace'];
  return { ...body, metadata: here };
}

function wrongType({ kind, version }: ResourceType, { path, expected }: FieldProblem): Error {
  const what = `json: cannot unmarshal into field ${path} of type ${expected ?? ''}`;
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${what}`);
}
