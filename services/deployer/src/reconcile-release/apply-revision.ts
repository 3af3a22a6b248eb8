import type { ReleaseContent, RenderedChart } from '@shipit/charts';
import { durationMs } from '@shipit/contracts';
import { type ClusterError, isClusterError, refOf } from '@shipit/clusters';
import type { KubernetesObject } from '@shipit/health';
import { crashPoint, type Log } from '@shipit/platform';
import { mayBeRecreated } from './check-objects.js';
import { describe, identityOf, inNamespace, isKept, isOwnedBy, readLive } from './object-identity.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import { prepareObjects } from './prepare-objects.js';
import type { RevisionHead, RevisionStore } from './revision-store.js';
import { type OwnHead, type RevisionSteps, underWay } from './revision-steps.js';

/** These hold what cannot be made again. */
const neverPruned: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'Namespace', 'PersistentVolumeClaim']);

/** Definitions that a revision brings, by its chart: a record does not hold them. */
export interface CrdReader {
  crdsOf(pass: ReleasePass, head: RevisionHead): Promise<RenderedChart['crds']>;
  /** They are not asked for again. */
  areApplied(head: RevisionHead): void;
}

/**
 * Brings a revision's objects into the cluster in Helm's order, then takes away what earlier revisions had and it has not.
 * Safe to repeat from the start.
 */
export class RevisionApplier {
  constructor(
    private readonly store: RevisionStore,
    private readonly steps: RevisionSteps,
    private readonly crds: CrdReader,
    private readonly log: Log,
  ) {}

  async apply(pass: ReleasePass, head: OwnHead, content: ReleaseContent): Promise<Outcome> {
    try {
      const crds = await this.applyCrds(pass, head);
      const objects = await prepareObjects(content.manifests, pass.target);
      const applied: [string, number][] = [];
      for (const object of objects) {
        await this.store.assertNewest(pass.target, head);
        const result = await this.applyOne(pass, object);
        if (result === 'waits') return await this.waitFor(pass, head, object);
        applied.push([result.metadata.uid ?? '', result.metadata.generation ?? 0]);
      }
      const notPruned = await this.prune(pass, head, [...objects, ...crds]);
      this.crds.areApplied(head);
      crashPoint('deployer.after-apply');
      return await this.steps.next(pass, head, { applied, ...(notPruned.length > 0 && { notPruned }) });
    } catch (error) {
      if (!isClusterError(error) || error.isTransient) throw error;
      return this.refused(pass, head, error);
    }
  }

  /** For an object that is being deleted: by us, where it is to be made anew, or by somebody else. */
  private async waitFor(pass: ReleasePass, head: OwnHead, object: KubernetesObject): Promise<Outcome> {
    const message = `${describe(object)} is being deleted and will be made anew`;
    if (!isLate(pass, head)) return { ...underWay(head, message), lookAgainAt: inSeconds(pass.now, 1) };
    return this.steps.fail(pass, head, { reason: 'ApplyFailed', message, imageAtFault: false });
  }

  /** It passed the dry run, so something changed since: refused for good once the timeout is over. */
  private async refused(pass: ReleasePass, head: OwnHead, error: ClusterError): Promise<Outcome> {
    const mayPass = error.reason === 'NotFound' || error.reason === 'Conflict';
    if (mayPass && !isLate(pass, head)) {
      return { ...underWay(head, error.message), lookAgainAt: inSeconds(pass.now, 1) };
    }
    return this.steps.fail(pass, head, { reason: 'ApplyFailed', message: error.message, imageAtFault: false });
  }

  private async applyCrds(pass: ReleasePass, head: OwnHead): Promise<KubernetesObject[]> {
    const { crds: policy } = pass.release.spec;
    if (policy === 'skip') return [];
    // A rollback brings an older chart, and objects of the newer definition may be there: what is there stays.
    const areReplaced = policy === 'upgrade' && head.progress.kind !== 'rollback';
    const crds = await this.crds.crdsOf(pass, head);
    for (const crd of crds) {
      if (!areReplaced && (await readLive(crd, pass.target))) continue;
      await this.store.assertNewest(pass.target, head);
      await pass.target.cluster.apply(crd);
    }
    return crds;
  }

  private async applyOne(pass: ReleasePass, object: KubernetesObject): Promise<KubernetesObject | 'waits'> {
    const { cluster } = pass.target;
    const onTakeover = (managers: string[]): void =>
      this.log.info({ release: pass.key, object: describe(object), managers }, 'fields taken over');
    try {
      const applied = await cluster.apply(object, { onTakeover });
      // What was applied to goes all the same.
      return applied.metadata.deletionTimestamp === undefined ? applied : 'waits';
    } catch (error) {
      const live =
        isClusterError(error, 'Invalid') && mayBeRecreated(object, error)
          ? await readLive(object, pass.target)
          : undefined;
      if (!live) throw error;
      await cluster.delete(refOf(live), {
        propagation: 'Background',
        ...(live.metadata.uid && { uid: live.metadata.uid }),
      });
      return 'waits';
    }
  }

  /** What any revision since the last good one brought may still be there. Returns those whose record cannot be read. */
  private async prune(pass: ReleasePass, head: OwnHead, kept: readonly KubernetesObject[]): Promise<number[]> {
    const wanted = new Set(kept.map(identityOf));
    const notPruned: number[] = [];
    for (const earlier of revisionsToPrune(pass.heads, head)) {
      const manifests = await this.store.manifestsOf(pass.target, earlier);
      if (!manifests) {
        notPruned.push(earlier.version);
        this.log.warn({ release: pass.key, revision: earlier.version }, 'release record unreadable, nothing pruned');
        continue;
      }
      for (const manifest of [...manifests].reverse()) {
        const object = await inNamespace(manifest, pass.target);
        if (wanted.has(identityOf(object))) continue;
        wanted.add(identityOf(object));
        await this.store.assertNewest(pass.target, head);
        await removeObject(pass, object);
      }
    }
    return notPruned;
  }
}

function isLate({ release, now }: ReleasePass, { progress }: OwnHead): boolean {
  return now.getTime() >= Date.parse(progress.stepStartedAt) + durationMs(release.spec.timeout);
}

/** The revisions before this one, back to the one that was deployed last, and those that could not be pruned then. */
function revisionsToPrune(heads: readonly RevisionHead[], head: RevisionHead): RevisionHead[] {
  const earlier = heads.filter(({ version }) => version < head.version);
  const lastGood = earlier.findIndex(({ status }) => status === 'deployed' || status === 'superseded');
  if (lastGood < 0) return earlier;
  const recent = earlier.slice(0, lastGood + 1);
  const notPruned = new Set(recent.flatMap(({ progress }) => progress?.notPruned ?? []));
  return [...recent, ...earlier.slice(lastGood + 1).filter(({ version }) => notPruned.has(version))];
}

/** Deletes an object that is the release's own and may go. Returns whether there was one. */
export async function removeObject(
  { target }: Pick<ReleasePass, 'target'>,
  object: KubernetesObject,
  spared: ReadonlySet<string> = neverPruned,
): Promise<boolean> {
  if (spared.has(object.kind) || isKept(object)) return false;
  const live = await readLive(object, target);
  if (!live || isKept(live) || !isOwnedBy(live, target)) return false;
  const { uid } = live.metadata;
  await target.cluster.delete(refOf(live), { propagation: 'Background', ...(uid === undefined ? {} : { uid }) });
  return true;
}
