import type { JsonObject } from '../json.js';
import type { ResourceRegistry } from '../resources/resource-registry.js';
import { apiVersionOf, type ResourceType } from '../resources/resource-type.js';

/** Which OpenAPI documents there are, one per group version. */
export function openApiIndex(registry: ResourceRegistry): JsonObject {
  const paths = [...new Set(registry.all().map(documentPath))];
  return { paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }])) };
}

/** Enough for clients that ask what the server validates itself: every kind takes `fieldValidation`. */
export function openApiDocument(registry: ResourceRegistry, path: string): JsonObject | undefined {
  const types = registry.all().filter((type) => documentPath(type) === path);
  if (types.length === 0) return undefined;
  return {
    openapi: '3.0.0',
    info: { title: 'Kubernetes', version: 'v1.35.4' },
    paths: Object.fromEntries(
      types.map((type) => [
        `/${path}/${type.namespaced ? 'namespaces/{namespace}/' : ''}${type.plural}/{name}`,
        { patch: patchOperation(type) },
      ]),
    ),
    components: { schemas: Object.fromEntries(types.map((type) => [type.kind, schemaOf(type)])) },
  };
}

function documentPath(type: ResourceType): string {
  return type.group === '' ? `api/${type.version}` : `apis/${apiVersionOf(type)}`;
}

function patchOperation(type: ResourceType): JsonObject {
  const { group, version, kind } = type;
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
    name,
    in: 'query',
    schema: { type: 'string' },
  }));
  return {
    operationId: `patch${kind}`,
    parameters,
    responses: { 200: { description: 'OK' } },
    'x-kubernetes-group-version-kind': { group, version, kind },
  };
}

function schemaOf({ group, version, kind }: ResourceType): JsonObject {
  return {
    type: 'object',
    'x-kubernetes-preserve-unknown-fields': true,
    'x-kubernetes-group-version-kind': [{ group, version, kind }],
  };
}
