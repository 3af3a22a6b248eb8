import type { ChartRenderer, ChartSourceChooser, HelmEngine } from '@shipit/charts';
import type { HelmRelease } from '@shipit/contracts';
import type { Cluster } from '@shipit/clusters';
import type { EventBus } from '@shipit/messaging';
import type { Clock, Log } from '@shipit/platform';
import { ReleaseObjects } from '../release-objects/release-objects.js';
import { ActionRunner } from './act.js';
import { RevisionApplier } from './apply-revision.js';
import { RevisionBeginner } from './begin-revision.js';
import { ReleaseDeleter } from './delete-release.js';
import { ObjectObserver } from './observe-objects.js';
import { type IsDeclared, ReleaseReconciler } from './reconcile-release.js';
import { OutcomeRecorder } from './record-outcome.js';
import { InputResolver, type ReadRepository } from './resolve-inputs.js';
import { RevisionStore } from './revision-store.js';
import { RevisionSteps } from './revision-steps.js';
import { HookRunner } from './run-hook.js';
import type { Clusters } from './target.js';
import { WorkloadReader } from './workload-reader.js';

export interface ReconcilerPorts {
  /** The first one holds the HelmRelease objects. */
  clusters: Clusters;
  management: Cluster;
  engine: HelmEngine;
  renderer: ChartRenderer;
  chooseSource: ChartSourceChooser;
  readRepository: ReadRepository;
  events: EventBus;
  isDeclared: IsDeclared;
  isOurs: (release: HelmRelease) => boolean;
  clock: Clock;
  log: Log;
}

/** The engine: what one pass over a release needs, put together. */
export function createReconciler(ports: ReconcilerPorts): ReleaseReconciler {
  const { clusters, management, engine, renderer, chooseSource, readRepository, events, clock, log } = ports;
  const objects = new ReleaseObjects(management);
  const store = new RevisionStore(engine, clock);
  const inputs = new InputResolver(management, chooseSource, readRepository);
  const steps = new RevisionSteps(store);
  const workloads = new WorkloadReader();
  const hooks = new HookRunner(store, steps, workloads);
  const beginner = new RevisionBeginner(inputs, renderer, store);
  const applier = new RevisionApplier(store, steps, beginner, log);
  const observer = new ObjectObserver(store, steps, workloads);
  const actions = new ActionRunner({ objects, clusters, store, steps, beginner, applier, hooks, observer });
  const deleter = new ReleaseDeleter(store, steps, hooks, objects);
  const recorder = new OutcomeRecorder(objects, events);
  const { isDeclared, isOurs } = ports;
  return new ReleaseReconciler({
    ...{ objects, clusters, inputs, store, actions, deleter, recorder },
    ...{ events, isDeclared, isOurs, clock, log },
  });
}
