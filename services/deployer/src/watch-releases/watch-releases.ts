import { helmReleaseApiVersion, releaseKey } from '@shipit/contracts';
import type { Cluster, ObjectChange } from '@shipit/clusters';
import type { PassQueue } from '@shipit/messaging';
import type { Clock, Log } from '@shipit/platform';
import { parseHelmRelease, type ReleaseObjects } from '../release-objects/release-objects.js';
import type { Clusters } from '../reconcile-release/target.js';
import { ReleaseIndex } from './release-index.js';

export interface WatchParts {
  management: Cluster;
  clusters: Clusters;
  objects: ReleaseObjects;
  queues: ReadonlyMap<string, PassQueue>;
  /** A release's object is gone: git may still declare it. */
  onGone: () => void;
  clock: Clock;
  log: Log;
}

const workloads = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'batch/v1', kind: 'Job' },
];
const healEveryMs = 60_000;

/** Wakes passes: by what changes in the clusters and, for whatever was missed, once a minute for every release. */
export class ReleaseWatcher {
  private readonly index: ReleaseIndex;

  constructor(private readonly parts: WatchParts) {
    this.index = new ReleaseIndex(parts.clusters);
  }

  /** Ends with the signal. */
  async watch(signal: AbortSignal): Promise<void> {
    const { management, clusters } = this.parts;
    const query = { apiVersion: helmReleaseApiVersion, kind: 'HelmRelease' };
    await Promise.all([
      management.watch(query, (change) => this.onRelease(change), signal),
      ...[...clusters].flatMap(([name, cluster]) => this.watchWorkloads(name, cluster, signal)),
      this.heal(signal),
    ]);
  }

  private watchWorkloads(name: string, cluster: Cluster, signal: AbortSignal): Promise<void>[] {
    const onWorkload = ({ type, object }: ObjectChange): void =>
      this.wake(type === 'deleted' ? this.index.removeWorkload(name, object) : this.index.putWorkload(name, object));
    const onPod = ({ object }: ObjectChange): void => this.wake(this.index.ofPod(name, object));
    return [
      ...workloads.map((query) => cluster.watch(query, onWorkload, signal)),
      cluster.watch({ apiVersion: 'v1', kind: 'Pod' }, onPod, signal),
    ];
  }

  private onRelease({ type, object }: ObjectChange): void {
    const key = releaseKey(object.metadata);
    const release = parseHelmRelease(object);
    if (type === 'deleted') {
      this.index.remove(key);
      this.parts.onGone();
    } else if (release) {
      if (this.index.put(release)) this.wake(key);
      for (const dependent of this.index.dependentsOf(key)) this.wake(dependent);
    }
  }

  private async heal(signal: AbortSignal): Promise<void> {
    const { objects, clock, log } = this.parts;
    while (!signal.aborted) {
      await clock.sleep(healEveryMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        for (const release of await objects.list()) {
          this.index.put(release);
          this.wake(releaseKey(release.metadata));
        }
      } catch (err) {
        log.warn({ err }, 'releases could not be listed');
      }
    }
  }

  private wake(key: string | undefined): void {
    if (key === undefined) return;
    const { queues, log } = this.parts;
    queues
      .get(this.index.clusterOf(key))
      ?.enqueue(key)
      .catch((err: unknown) =>
        log.warn({ err, release: key }, 'release could not be woken and will be within a minute'),
      );
  }
}
