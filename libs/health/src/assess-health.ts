import { current, failed, type Health, type HealthOptions, inProgress } from './health.js';
import { conditionOf, groupOf, type KubernetesObject, listAt, numberAt, textAt } from './kubernetes-object.js';
import { podHealth } from './pod-health.js';
import { daemonSetHealth, deploymentHealth, replicaSetHealth, statefulSetHealth } from './workload-health.js';

type Rule = (object: KubernetesObject, options: HealthOptions) => Health;

const existsIsEnough: Rule = (object) => current(`${object.kind} exists`);

/** Keyed by group/Kind; versions of a kind share their status. */
const rules: Record<string, Rule> = {
  '/Pod': podHealth,
  '/Service': serviceHealth,
  '/PersistentVolumeClaim': claimHealth,
  '/ConfigMap': existsIsEnough,
  '/Secret': existsIsEnough,
  'apps/Deployment': deploymentHealth,
  'apps/StatefulSet': statefulSetHealth,
  'apps/DaemonSet': daemonSetHealth,
  'apps/ReplicaSet': replicaSetHealth,
  'batch/Job': jobHealth,
  'batch/CronJob': existsIsEnough,
  'policy/PodDisruptionBudget': existsIsEnough,
  'networking.k8s.io/Ingress': existsIsEnough,
  'apiextensions.k8s.io/CustomResourceDefinition': definitionHealth,
};

/**
 * Tells from an object alone whether it is what its spec asks for: the rules of kstatus
 * (sigs.k8s.io/cli-utils/pkg/kstatus), except that a Job is current when it is complete, a failed Pod has
 * failed, and a LoadBalancer service waits for its address. Never throws, however odd the object.
 */
export function assessHealth(object: KubernetesObject | undefined, options: HealthOptions = {}): Health {
  if (!object) return { status: 'NotFound', reason: 'NotFound', message: 'the object does not exist' };
  if (object.metadata.deletionTimestamp) {
    return { status: 'Terminating', reason: 'Deleting', message: 'the object is being deleted' };
  }
  const generation = numberAt(object, 'metadata', 'generation');
  const observed = numberAt(object, 'status', 'observedGeneration');
  if (generation !== undefined && observed !== undefined && observed !== generation) {
    return inProgress('LatestGenerationNotObserved', `generation ${generation} is not looked at yet, only ${observed}`);
  }
  return (
    saidByItself(object) ??
    (rules[`${groupOf(object.apiVersion)}/${object.kind}`] ?? readyConditionHealth)(object, options)
  );
}

/** The two conditions that mean the same on every kind. */
function saidByItself(object: KubernetesObject): Health | undefined {
  const reconciling = conditionOf(object, 'Reconciling');
  if (reconciling?.status === 'True') return inProgress(reconciling.reason || 'Reconciling', reconciling.message);
  const stalled = conditionOf(object, 'Stalled');
  if (stalled?.status === 'True') return failed(stalled.reason || 'Stalled', stalled.message);
  return undefined;
}

function readyConditionHealth(object: KubernetesObject): Health {
  const ready = conditionOf(object, 'Ready');
  if (!ready || ready.status === 'True') return current(ready?.message || `${object.kind} exists`);
  return inProgress(ready.reason || 'NotReady', ready.message || `${object.kind} is not ready`);
}

function serviceHealth(object: KubernetesObject, { ignoreLoadBalancers }: HealthOptions): Health {
  if (textAt(object, 'spec', 'type') !== 'LoadBalancer' || ignoreLoadBalancers) return current('the service exists');
  return listAt(object, 'status', 'loadBalancer', 'ingress').length > 0
    ? current('the load balancer has an address')
    : inProgress('NoIPAssigned', 'the load balancer has no address yet');
}

function claimHealth(object: KubernetesObject): Health {
  return textAt(object, 'status', 'phase') === 'Bound'
    ? current('the volume is bound')
    : inProgress('NotBound', 'the volume is not bound yet');
}

function jobHealth(object: KubernetesObject): Health {
  const isTrue = (type: string) => conditionOf(object, type)?.status === 'True';
  if (isTrue('Complete')) return current('the job is complete');
  const failure = conditionOf(object, 'Failed');
  if (failure?.status === 'True') return failed(failure.reason || 'JobFailed', failure.message || 'the job has failed');
  if (isTrue('Suspended')) return current('the job is suspended');
  if (!textAt(object, 'status', 'startTime')) return inProgress('JobNotStarted', 'the job has not started');
  return inProgress('JobInProgress', `${numberAt(object, 'status', 'active') ?? 0} pods of the job run`);
}

function definitionHealth(object: KubernetesObject): Health {
  const accepted = conditionOf(object, 'NamesAccepted');
  if (accepted?.status === 'False') return failed(accepted.reason || 'NamesNotAccepted', accepted.message);
  const established = conditionOf(object, 'Established');
  if (established?.status === 'True') return current('the definition is established');
  if (established?.status === 'False' && established.reason !== 'Installing') {
    return failed(established.reason || 'NotEstablished', established.message);
  }
  return inProgress('Installing', 'the definition is being installed');
}
