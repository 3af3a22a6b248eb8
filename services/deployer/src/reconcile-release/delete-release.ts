import { isClusterError } from '@shipit/clusters';
import { crashPoint } from '@shipit/platform';
import type { ReleaseObjects } from '../release-objects/release-objects.js';
import { removeObject } from './apply-revision.js';
import { inNamespace } from './object-identity.js';
import { inSeconds, type Outcome, type ReleasePass } from './outcome.js';
import type { RevisionHead, RevisionStore } from './revision-store.js';
import { isOwn, type OwnHead, type RevisionSteps } from './revision-steps.js';
import type { HookRunner } from './run-hook.js';

/** Definitions hold others' objects and namespaces hold others' releases: Helm would delete both, Ship-it does not. */
const neverUninstalled: ReadonlySet<string> = new Set(['CustomResourceDefinition', 'Namespace']);

/** Takes a release away as `helm uninstall` does. The release's record tells how far that has come. */
export class ReleaseDeleter {
  constructor(
    private readonly store: RevisionStore,
    private readonly steps: RevisionSteps,
    private readonly hooks: HookRunner,
    private readonly objects: ReleaseObjects,
  ) {}

  /** One action; `isDone` where nothing is left but to let the object go. */
  async uninstall(pass: ReleasePass): Promise<{ outcome: Outcome; isDone: boolean }> {
    const newest = pass.heads[0];
    const outcome = deleting('Uninstalling', 'What the release runs is being taken away');
    if (!newest || pass.release.spec.deletionPolicy === 'orphan') return { outcome, isDone: true };
    const unreadable = await this.findUnreadable(pass);
    if (unreadable) return { outcome: stoppedBy(unreadable, pass), isDone: false };
    if (!isOwn(newest)) {
      // Helm made it: there is nowhere to note the way of its hooks, so none are run.
      await this.removeObjects(pass, newest);
      return { outcome, isDone: await this.end(pass) };
    }
    if (isDeleting(newest)) return this.step(pass, newest);
    await this.begin(pass, newest);
    return { outcome: { ...outcome, goOn: true }, isDone: false };
  }

  async letGo({ release }: ReleasePass): Promise<void> {
    try {
      await this.objects.letGo(release);
    } catch (error) {
      if (!isClusterError(error, 'NotFound')) throw error;
    }
  }

  private async begin(pass: ReleasePass, newest: OwnHead): Promise<void> {
    const { hookRun: _, cleaning: __, failure: ___, ...progress } = newest.progress;
    const stepStartedAt = pass.now.toISOString();
    const noted = await this.store.saveProgress(pass.target, newest, {
      ...progress,
      step: 'before-delete',
      stepStartedAt,
      hook: 0,
    });
    await this.store.setStatus(pass.target, noted, 'uninstalling', 'Uninstall begun');
  }

  private async step(pass: ReleasePass, head: OwnHead): Promise<{ outcome: Outcome; isDone: boolean }> {
    const { step, failure } = head.progress;
    const { hooks } = await this.store.contentOf(pass.target, head);
    if (failure)
      return {
        outcome: deleting(
          failure.reason,
          `${failure.message}. Delete what is left by hand, or the finalizer of the object`,
        ),
        isDone: false,
      };
    if (step === 'delete') {
      await this.removeObjects(pass, head);
      crashPoint('deployer.after-uninstall');
      return { outcome: asDeleting(await this.steps.next(pass, head)), isDone: false };
    }
    if (step === 'done') return { outcome: deleting('Uninstalled', 'All is taken away'), isDone: await this.end(pass) };
    const ran = await this.hooks.run(pass, head, hooks);
    return { outcome: asDeleting(ran ?? (await this.steps.next(pass, head))), isDone: false };
  }

  /** Objects of every revision that may have left some behind, in the reverse of the order they came in. */
  private async removeObjects(pass: ReleasePass, head: RevisionHead): Promise<void> {
    for (const revision of pass.heads.filter(({ version }) => version <= head.version)) {
      const { manifests } = await this.store.contentOf(pass.target, revision);
      for (const manifest of [...manifests].reverse()) {
        await removeObject(pass, await inNamespace(manifest, pass.target), neverUninstalled);
      }
    }
  }

  /** A revision that may have brought what no other one names: without its record it would stay for ever. */
  private async findUnreadable({ target, heads }: ReleasePass): Promise<RevisionHead | undefined> {
    for (const head of heads) if (!(await this.store.manifestsOf(target, head))) return head;
    return undefined;
  }

  private async end(pass: ReleasePass): Promise<boolean> {
    await this.store.deleteAll(pass.target, pass.heads);
    return true;
  }
}

function isDeleting({ status, progress }: RevisionHead): boolean {
  return status === 'uninstalling' || progress?.step.endsWith('delete') === true;
}

function deleting(reason: string, message: string): Outcome {
  return { state: 'Deleting', reason, message };
}

function stoppedBy({ version, record }: RevisionHead, { now }: ReleasePass): Outcome {
  const secret = `Secret ${record.namespace}/sh.helm.release.v1.${record.name}.v${version}`;
  const message = `Revision ${version} cannot be read, so what it brought cannot be taken away and nothing is. Restore ${secret}, or delete by hand what that revision left and then the Secret; the rest goes then`;
  return { ...deleting('RecordUnreadable', message), lookAgainAt: inSeconds(now, 30) };
}

function asDeleting(outcome: Outcome): Outcome {
  return { ...outcome, state: 'Deleting', reason: 'Uninstalling' };
}
