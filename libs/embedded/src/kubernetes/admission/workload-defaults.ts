import { at, isObject, objectAt, objectsAt, textAt, type Json, type JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import { canonicalQuantities } from './quantity.js';

export type Fill = (object: KubeObject, live: KubeObject | undefined) => KubeObject;

export const workloadDefaults: Record<string, Fill> = {
  Pod: (object) => podDefaults(object),
  Deployment: (object) =>
    withTemplate(object, {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: strategyOf(object),
    }),
  ReplicaSet: (object) => withTemplate(object, { replicas: 1 }),
  StatefulSet: (object) =>
    withTemplate(withClaims(object), {
      replicas: 1,
      serviceName: '',
      revisionHistoryLimit: 10,
      podManagementPolicy: 'OrderedReady',
      updateStrategy: updateStrategyOf(object, { partition: 0 }),
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }),
  DaemonSet: (object) =>
    withTemplate(object, {
      revisionHistoryLimit: 10,
      updateStrategy: updateStrategyOf(object, { maxUnavailable: 1, maxSurge: 0 }),
    }),
  Job: (object, live) => jobDefaults(object, live),
  CronJob: (object) => cronJobDefaults(object),
};

/** The template of a pod's spec with everything filled in. */
export function podSpecDefaults(spec: JsonObject): JsonObject {
  const account = textAt(spec, 'serviceAccountName') ?? textAt(spec, 'serviceAccount');
  return {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...spec,
    ...(account !== undefined && { serviceAccountName: account, serviceAccount: account }),
    containers: objectsAt(spec, 'containers').map(containerDefaults),
    ...('initContainers' in spec && { initContainers: objectsAt(spec, 'initContainers').map(containerDefaults) }),
    ...('volumes' in spec && { volumes: objectsAt(spec, 'volumes').map(volumeDefaults) }),
  };
}

function withTemplate(object: KubeObject, defaults: JsonObject): KubeObject {
  const spec = { ...defaults, ...objectAt(object, 'spec') };
  for (const key of ['strategy', 'updateStrategy']) if (key in defaults) spec[key] = defaults[key];
  return {
    ...object,
    spec: { ...spec, ...(isObject(spec['template']) && { template: templateDefaults(spec['template']) }) },
  };
}

function withClaims(object: KubeObject): KubeObject {
  const claims = objectsAt(object, 'spec', 'volumeClaimTemplates');
  if (claims.length === 0) return object;
  const filled = claims.map((claim) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    ...claim,
    spec: { volumeMode: 'Filesystem', ...objectAt(claim, 'spec') },
    status: { phase: 'Pending' },
  }));
  return { ...object, spec: { ...objectAt(object, 'spec'), volumeClaimTemplates: filled } };
}

function templateDefaults(template: JsonObject): JsonObject {
  return { ...template, metadata: objectAt(template, 'metadata'), spec: podSpecDefaults(objectAt(template, 'spec')) };
}

function strategyOf(object: KubeObject): JsonObject {
  const given = objectAt(object, 'spec', 'strategy');
  const type = textAt(given, 'type') ?? 'RollingUpdate';
  if (type !== 'RollingUpdate') return given;
  return { type, rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%', ...objectAt(given, 'rollingUpdate') } };
}

function updateStrategyOf(object: KubeObject, rollingUpdate: JsonObject): JsonObject {
  const given = objectAt(object, 'spec', 'updateStrategy');
  const type = textAt(given, 'type') ?? 'RollingUpdate';
  return type === 'RollingUpdate'
    ? { type, rollingUpdate: { ...rollingUpdate, ...objectAt(given, 'rollingUpdate') } }
    : given;
}

function podDefaults(object: KubeObject): KubeObject {
  const filled = podSpecDefaults({ serviceAccountName: 'default', ...objectAt(object, 'spec') });
  const spec: JsonObject = { ...filled, containers: objectsAt(filled, 'containers').map(requestLimits) };
  const status = isObject(object['status']) ? object['status'] : { phase: 'Pending', qosClass: qosClass(spec) };
  return {
    ...object,
    spec: { enableServiceLinks: true, preemptionPolicy: 'PreemptLowerPriority', priority: 0, ...spec },
    status,
  };
}

function qosClass(spec: JsonObject): string {
  const all = objectsAt(spec, 'containers').map((container) => objectAt(container, 'resources'));
  if (all.every((resources) => Object.keys(resources).length === 0)) return 'BestEffort';
  const isGuaranteed = all.every((resources) => {
    const limits = objectAt(resources, 'limits');
    const requests = objectAt(resources, 'requests');
    return ['cpu', 'memory'].every(
      (name) => limits[name] !== undefined && limits[name] === (requests[name] ?? limits[name]),
    );
  });
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

function jobDefaults(object: KubeObject, live: KubeObject | undefined): KubeObject {
  const { uid, name } = object.metadata;
  const filled = withTemplate(object, {
    parallelism: 1,
    completions: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: 'TerminatingOrFailed',
  });
  if (live || at(filled, 'spec', 'manualSelector') === true) return filled;
  const own = { 'batch.kubernetes.io/controller-uid': uid };
  const labels = { ...own, 'batch.kubernetes.io/job-name': name, 'controller-uid': uid, 'job-name': name };
  const template = objectAt(filled, 'spec', 'template');
  const metadata = {
    ...objectAt(template, 'metadata'),
    labels: { ...objectAt(template, 'metadata', 'labels'), ...labels },
  };
  return {
    ...filled,
    spec: { ...objectAt(filled, 'spec'), selector: { matchLabels: own }, template: { ...template, metadata } },
  };
}

function cronJobDefaults(object: KubeObject): KubeObject {
  const given = objectAt(object, 'spec');
  const defaults = {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  };
  const jobTemplate = objectAt(given, 'jobTemplate');
  const jobSpec = objectAt(jobTemplate, 'spec');
  const spec = {
    ...jobSpec,
    ...(isObject(jobSpec['template']) && { template: templateDefaults(jobSpec['template']) }),
  };
  return { ...object, spec: { ...defaults, ...given, jobTemplate: { metadata: {}, ...jobTemplate, spec } } };
}

function containerDefaults(container: JsonObject): JsonObject {
  const image = textAt(container, 'image') ?? '';
  const isLatest = !image.includes('@') && (/:latest$/.test(image) || !/:[^/]+$/.test(image));
  const ports = objectsAt(container, 'ports').map((port) => ({ protocol: 'TCP', ...port }));
  const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].filter((name) => isObject(container[name]));
  return {
    imagePullPolicy: isLatest ? 'Always' : 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...container,
    resources: resourceDefaults(objectAt(container, 'resources')),
    ...('env' in container && { env: objectsAt(container, 'env').map(envDefaults) }),
    ...(ports.length > 0 && { ports }),
    ...Object.fromEntries(probes.map((name) => [name, probeDefaults(objectAt(container, name))])),
  };
}

function resourceDefaults(resources: JsonObject): JsonObject {
  const present = ['limits', 'requests'].filter((name) => name in resources);
  return {
    ...resources,
    ...Object.fromEntries(present.map((name) => [name, canonicalQuantities(objectAt(resources, name))])),
  };
}

/** In a pod, a limit is also the request where none is given. */
function requestLimits(container: JsonObject): JsonObject {
  const requests = { ...objectAt(container, 'resources', 'limits'), ...objectAt(container, 'resources', 'requests') };
  return Object.keys(requests).length === 0
    ? container
    : { ...container, resources: { ...objectAt(container, 'resources'), requests } };
}

function envDefaults(env: JsonObject): JsonObject {
  const reference = at(env, 'valueFrom', 'fieldRef');
  if (!isObject(reference)) return env;
  return { ...env, valueFrom: { fieldRef: { apiVersion: 'v1', ...reference } } };
}

function probeDefaults(probe: JsonObject): JsonObject {
  const httpGet: Json = probe['httpGet'];
  return {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
    ...probe,
    ...(isObject(httpGet) && { httpGet: { path: '/', scheme: 'HTTP', ...httpGet } }),
  };
}

function volumeDefaults(volume: JsonObject): JsonObject {
  const filled = { ...volume };
  for (const source of ['configMap', 'secret', 'projected', 'downwardAPI']) {
    if (isObject(volume[source])) filled[source] = { defaultMode: 420, ...volume[source] };
  }
  return Object.keys(volume).length === 1 ? { ...filled, emptyDir: {} } : filled;
}
