import type { JsonObject } from '../json.js';
import type { KubeObject } from '../objects.js';
import type { ResourceType } from '../resources/resource-type.js';
import { workloadDefaults } from './workload-defaults.js';
import { objectDefaults } from './object-defaults.js';

/** What the status says before a controller has looked. */
const FIRST_STATUS: Record<string, JsonObject> = {
  Deployment: {},
  Job: {},
  CronJob: {},
  ReplicaSet: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
  DaemonSet: { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 },
  PodDisruptionBudget: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
  Ingress: { loadBalancer: {} },
  HorizontalPodAutoscaler: { currentMetrics: null, desiredReplicas: 0 },
  PersistentVolumeClaim: { phase: 'Pending' },
};

/** Fills in what the API server fills in for a kind. Never overwrites what is there. */
export function withDefaults(type: ResourceType, object: KubeObject, live: KubeObject | undefined): KubeObject {
  if (type.custom) return object;
  const fill = workloadDefaults[type.kind] ?? objectDefaults[type.kind];
  const filled = fill ? fill(object, live) : object;
  return 'status' in filled || !(type.kind in FIRST_STATUS)
    ? filled
    : { ...filled, status: { ...FIRST_STATUS[type.kind] } };
}
