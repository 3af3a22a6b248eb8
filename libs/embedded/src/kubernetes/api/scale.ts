import { badRequest } from '../api-error.js';
import { isObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { jsonPatch } from '../patch/json-patch.js';
import { mergePatch } from '../patch/merge-patch.js';
import type { ApiRequest } from './api-request.js';
import type { ObjectWriter, Target } from './object-writer.js';
import { ok, type Reply } from './reply.js';
import { writeContext } from './write-context.js';

/** `…/scale`: the replicas of a workload alone. */
export function handleScale(writer: ObjectWriter, target: Target, request: ApiRequest): Reply {
  const live = writer.read(target);
  if (request.method === 'GET') return ok(scaleOf(live));
  const wanted = wantedScale(live, request);
  const replicas = numberAt(wanted, 'spec', 'replicas') ?? 0;
  const version = textAt(wanted, 'metadata', 'resourceVersion');
  const metadata = { ...live.metadata, ...(version !== undefined && { resourceVersion: version }) };
  const next = { ...live, metadata, spec: { ...objectAt(live, 'spec'), replicas } };
  return ok(scaleOf(writer.update(target, next, { ...writeContext(request), subresource: 'scale' })));
}

function wantedScale(live: KubeObject, { method, contentType, body }: ApiRequest): JsonObject {
  if (method === 'PUT' && isObject(body)) return body;
  if (method !== 'PATCH') throw badRequest(`${method} of a scale is not understood`);
  const scale = scaleOf(live);
  return contentType === 'application/json-patch+json' ? jsonPatch(scale, body) : objectAt(mergePatch(scale, body));
}

function scaleOf(object: KubeObject): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, 'spec', 'replicas') ?? 0 },
    status: {
      replicas: numberAt(object, 'status', 'replicas') ?? 0,
      selector: selectorText(objectAt(object, 'spec', 'selector')),
    },
  };
}

function selectorText(selector: JsonObject): string {
  const equal = Object.entries(objectAt(selector, 'matchLabels')).map(([key, value]) => `${key}=${String(value)}`);
  const sets = objectsAt(selector, 'matchExpressions').map(
    (item) => `${String(item['key'])} ${String(item['operator']).toLowerCase()} (${String(item['values'])})`,
  );
  return [...equal, ...sets].join(',');
}
