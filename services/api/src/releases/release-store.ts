import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Cluster, type KubernetesObject } from '@shipit/clusters';
import {
  HelmRelease,
  helmReleaseApiVersion,
  isPlainData,
  releaseKey,
  splitReleaseKey,
  type ReleaseKey,
} from '@shipit/contracts';
import { Log, Readiness, Shutdown } from '@shipit/platform';
import { ApiProblem } from '../problems/api-problem.js';

const kind = { apiVersion: helmReleaseApiVersion, kind: 'HelmRelease' };

/** HelmRelease objects of the management cluster: a watch keeps the list, one release is read when it is asked for. */
@Injectable()
export class ReleaseStore implements OnApplicationBootstrap {
  private readonly releases = new Map<ReleaseKey, HelmRelease>();
  private isListed = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly readiness: Readiness,
    private readonly shutdown: Shutdown,
    private readonly log: Log,
  ) {}

  get managementCluster(): string {
    return this.cluster.name;
  }

  onApplicationBootstrap(): void {
    this.readiness.add('releases', async () => {
      if (!this.isListed) throw new Error('releases are not listed yet');
    });
    void this.follow();
  }

  list(): readonly HelmRelease[] {
    if (!this.isListed)
      throw new ApiProblem(
        503,
        'SHIPIT_CLUSTER_UNREACHABLE',
        `The releases of cluster ${this.cluster.name} are not known yet: its API server does not answer. Ask again in a moment.`,
      );
    return [...this.releases.values()];
  }

  async get(key: ReleaseKey): Promise<HelmRelease> {
    const object = await this.cluster.read({ ...kind, ...splitReleaseKey(key) });
    const release = object && this.parse(object);
    if (!release)
      throw new ApiProblem(
        404,
        'SHIPIT_RELEASE_NOT_FOUND',
        `There is no release ${key} in cluster ${this.cluster.name}. \`shipit releases list\` shows all.`,
      );
    return release;
  }

  private async follow(): Promise<void> {
    const { signal } = this.shutdown;
    while (!signal.aborted) {
      try {
        for (const object of await this.cluster.list(kind)) this.keep(object);
        this.isListed = true;
        await this.cluster.watch(
          kind,
          ({ type, object }) =>
            type === 'deleted' ? this.releases.delete(releaseKey(object.metadata)) : this.keep(object),
          signal,
        );
      } catch (error) {
        if (signal.aborted) return;
        this.log.warn({ err: error }, 'releases cannot be watched');
        await new Promise((resolve) => setTimeout(resolve, 1_000).unref());
      }
    }
  }

  private keep(object: KubernetesObject): void {
    const release = this.parse(object);
    if (release) this.releases.set(releaseKey(release.metadata), release);
  }

  private parse(object: KubernetesObject): HelmRelease | undefined {
    if (!isPlainData(object)) return undefined;
    const parsed = HelmRelease.safeParse(object);
    if (!parsed.success)
      this.log.warn(
        { release: releaseKey(object.metadata), problems: parsed.error.issues.length },
        'release is not understood',
      );
    return parsed.data;
  }
}
