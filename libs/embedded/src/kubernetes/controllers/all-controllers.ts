import type { ObjectWriter } from '../api/object-writer.js';
import { Kind, type Controller } from './controller.js';
import { DaemonSetController } from './daemon-sets.js';
import { DefinitionController } from './definitions.js';
import { DeploymentController } from './deployments.js';
import { DisruptionBudgetController } from './disruption-budgets.js';
import { EventExpiry } from './event-expiry.js';
import { GarbageCollector } from './garbage-collector.js';
import { JobController } from './jobs.js';
import { NamespaceController } from './namespaces.js';
import type { PodTimings } from './pod-stages.js';
import { PodController } from './pods.js';
import { ReplicaSetController } from './replica-sets.js';
import { ServiceController } from './services.js';
import { StatefulSetController } from './stateful-sets.js';
import { VolumeClaimController } from './volume-claims.js';

export interface Timings extends PodTimings {
  /** Between two attempts of a job; doubled each time. */
  jobBackoffMs: number;
}

export const DEFAULT_TIMINGS: Timings = {
  podReadyMs: 200,
  podFailureMs: 300,
  pullRetryMs: 2000,
  crashRetryMs: 2000,
  slowReadyMs: 20_000,
  podCompleteMs: 500,
  podStopMs: 50,
  jobBackoffMs: 1000,
};

export function allControllers(writer: ObjectWriter, timings: Timings, ca: string): Controller[] {
  const kind = (name: string, manager: string): Kind => new Kind(writer, writer.registry.builtIn(name), manager);
  const manager = 'kube-controller-manager';
  const revisions = kind('ControllerRevision', manager);
  const claims = kind('PersistentVolumeClaim', manager);
  const workloads = {
    events: kind('Event', manager),
    pods: kind('Pod', manager),
    replicaSets: kind('ReplicaSet', manager),
  };
  return [
    new DefinitionController(writer),
    new NamespaceController(writer, ca),
    new DeploymentController({ ...workloads, deployments: kind('Deployment', manager) }),
    new ReplicaSetController(workloads),
    new JobController({ ...workloads, jobs: kind('Job', manager) }, timings.jobBackoffMs),
    new StatefulSetController({ ...workloads, revisions, claims, statefulSets: kind('StatefulSet', manager) }),
    new DaemonSetController({
      ...workloads,
      revisions,
      nodes: kind('Node', manager),
      daemonSets: kind('DaemonSet', manager),
    }),
    new DisruptionBudgetController({ budgets: kind('PodDisruptionBudget', manager), pods: workloads.pods }),
    new VolumeClaimController(claims),
    new PodController(
      { pods: kind('Pod', 'kubelet'), nodes: kind('Node', 'kubelet'), events: kind('Event', 'kubelet') },
      timings,
    ),
    new ServiceController({
      services: kind('Service', manager),
      endpoints: kind('Endpoints', manager),
      slices: kind('EndpointSlice', manager),
      pods: workloads.pods,
    }),
    new EventExpiry(workloads.events),
    new GarbageCollector(writer),
  ];
}
