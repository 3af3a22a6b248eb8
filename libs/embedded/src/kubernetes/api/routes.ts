import { noSuchPath } from '../api-error.js';
import type { Json } from '../json.js';
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, apiVersions, VERSION } from './discovery.js';
import type { ApiRequest } from './api-request.js';
import type { ObjectWriter } from './object-writer.js';
import { openApiDocument, openApiIndex } from './open-api.js';
import { ok, type Reply } from './reply.js';
import { handleResource, type ResourcePath } from './resource-handler.js';

const HEALTH = ['healthz', 'livez', 'readyz'];
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Finds what answers a path. */
export function route(writer: ObjectWriter, request: ApiRequest): Reply {
  const [root = '', ...rest] = request.path;
  if (HEALTH.includes(root)) return { code: 200, body: 'ok', contentType: 'text/plain' };
  if (root === 'version') return ok(VERSION);
  if (root === 'openapi') return openApi(writer, rest);
  if (root === 'api')
    return rest.length === 0 ? discoverRoot(writer, request, true) : inVersion(writer, request, '', rest);
  if (root !== 'apis') throw noSuchPath();
  const [group, ...inGroup] = rest;
  if (group === undefined) return discoverRoot(writer, request, false);
  return inGroup.length === 0 ? found(apiGroup(writer.registry, group)) : inVersion(writer, request, group, inGroup);
}

function discoverRoot({ registry }: ObjectWriter, { accept }: ApiRequest, isCore: boolean): Reply {
  if (accept.replaceAll(' ', '').includes('g=apidiscovery.k8s.io;v=v2;'))
    return { code: 200, body: aggregatedDiscovery(registry, isCore), contentType: AGGREGATED };
  return ok(isCore ? apiVersions() : apiGroupList(registry));
}

function openApi({ registry }: ObjectWriter, [version, ...path]: string[]): Reply {
  if (version !== 'v3') throw noSuchPath();
  return path.length === 0 ? ok(openApiIndex(registry)) : found(openApiDocument(registry, path.join('/')));
}

function inVersion(writer: ObjectWriter, request: ApiRequest, group: string, [version = '', ...path]: string[]): Reply {
  if (path.length === 0) return found(apiResourceList(writer.registry, group, version));
  return handleResource(writer, resourcePath(writer, { group, version }, path), request);
}

function resourcePath(
  { registry }: ObjectWriter,
  { group, version }: { group: string; version: string },
  path: string[],
): ResourcePath {
  const namespace = namespaceOf(path, group);
  const [plural, name, subresource, ...tooMuch] = namespace === undefined ? path : path.slice(2);
  const type = registry.find(group, version, plural ?? '');
  if (!type || tooMuch.length > 0) throw noSuchPath();
  const isWhole = name === undefined && namespace === undefined;
  if (!isWhole && type.namespaced !== (namespace !== undefined)) throw noSuchPath();
  return { type, namespace, name, subresource };
}

/** The namespace of `namespaces/x/pods`; `namespaces/x` and `namespaces/x/status` are the namespace itself. */
function namespaceOf([first, second, ...below]: string[], group: string): string | undefined {
  if (first !== 'namespaces' || below.length === 0) return undefined;
  const isOwnSubresource = group === '' && below.length === 1 && ['status', 'finalize'].includes(below[0] ?? '');
  return isOwnSubresource ? undefined : second;
}

function found(body: Json): Reply {
  if (body === undefined) throw noSuchPath();
  return ok(body);
}
