import {
  HelmRelease,
  helmReleaseApiVersion,
  type HelmReleaseStatus,
  isPlainData,
  releaseFinalizer,
  releaseKey,
  splitReleaseKey,
} from '@shipit/contracts';
import type { Cluster, KubernetesObject, ObjectRef } from '@shipit/clusters';
import { mergePatchOf } from './merge-patch.js';

/** Who writes HelmRelease objects: what git declares. */
export const syncFieldManager = 'ship-it';

/**
 * The HelmRelease objects of the management cluster. Every write is compare-and-set on the version that was read;
 * a write that lost throws a ClusterError of reason `Conflict`.
 */
export class ReleaseObjects {
  constructor(private readonly cluster: Cluster) {}

  /** All that can be understood; others are left out. */
  async list(): Promise<HelmRelease[]> {
    const objects = await this.cluster.list({ apiVersion: helmReleaseApiVersion, kind: 'HelmRelease' });
    return objects.map(parseHelmRelease).filter((release) => release !== undefined);
  }

  async read(key: string): Promise<HelmRelease | undefined> {
    const object = await this.cluster.read(refOf(key));
    return object && parseHelmRelease(object);
  }

  /** Creates the object or takes over what git declares of it. */
  async apply(object: KubernetesObject): Promise<void> {
    await this.cluster.apply(object, { fieldManager: syncFieldManager, force: true });
  }

  /** The namespace of a release that is to be made with it. */
  async createNamespace(name: string): Promise<void> {
    await this.cluster.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name } },
      { fieldManager: syncFieldManager, force: true },
    );
  }

  async remove(release: HelmRelease): Promise<void> {
    const { uid } = release.metadata;
    await this.cluster.delete(refOf(releaseKey(release.metadata)), uid === undefined ? {} : { uid });
  }

  /** Writes what changed of the status; nothing where it is equal. Returns whether anything was written. */
  async recordStatus(release: HelmRelease, status: HelmReleaseStatus): Promise<boolean> {
    const patch = mergePatchOf(release.status ?? {}, status);
    if (patch === undefined) return false;
    await this.cluster.mergePatch(
      refOf(releaseKey(release.metadata)),
      { status: patch },
      { subresource: 'status', ...versionOf(release) },
    );
    return true;
  }

  /** Lets a deleted object go. */
  async letGo(release: HelmRelease): Promise<void> {
    const finalizers = (release.metadata.finalizers ?? []).filter((finalizer) => finalizer !== releaseFinalizer);
    await this.cluster.mergePatch(
      refOf(releaseKey(release.metadata)),
      { metadata: { finalizers } },
      versionOf(release),
    );
  }
}

export function parseHelmRelease(object: KubernetesObject): HelmRelease | undefined {
  return isPlainData(object, 100) ? HelmRelease.safeParse(object).data : undefined;
}

function refOf(key: string): ObjectRef {
  return { apiVersion: helmReleaseApiVersion, kind: 'HelmRelease', ...splitReleaseKey(key) };
}

function versionOf({ metadata }: HelmRelease): { resourceVersion?: string } {
  return metadata.resourceVersion === undefined ? {} : { resourceVersion: metadata.resourceVersion };
}
