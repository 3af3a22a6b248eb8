import {
  ChartError,
  type NewRelease,
  type ReleaseContent,
  type ReleaseRecord,
  ReleaseRecords,
  type HelmEngine,
} from '@shipit/charts';
import { isClusterError } from '@shipit/clusters';
import type { Clock } from '@shipit/platform';
import { isPending, type RecordStatus } from './decide-action.js';
import { Overtaken } from './overtaken.js';
import { type Progress, progressAnnotation, readProgress } from './progress.js';
import { RememberedContents } from './remembered-contents.js';
import { revisionLabel, revisionMark } from './revision-mark.js';
import type { Target } from './target.js';

/** One numbered attempt, by its release record. */
export interface RevisionHead {
  version: number;
  status: RecordStatus;
  /** Absent where Helm made the revision by hand. */
  progress: Progress | undefined;
  record: ReleaseRecord;
}

export type NewRevision = Omit<
  NewRelease,
  'namespace' | 'name' | 'annotations' | 'labels' | 'firstDeployed' | 'lastDeployed'
>;

/** Release records with what Ship-it notes on them. Writes are compare-and-set: one that lost throws {@link Overtaken}. */
export class RevisionStore {
  private readonly contents = new RememberedContents();

  constructor(
    private readonly engine: HelmEngine,
    private readonly clock: Clock,
  ) {}

  /** All revisions, newest first. */
  async heads(target: Target): Promise<RevisionHead[]> {
    return (await this.recordsOf(target).list(target.namespace, target.name)).map(headOf);
  }

  /** What a revision consists of; how far it has come is told by its head alone. */
  async contentOf(target: Target, { record }: RevisionHead): Promise<ReleaseContent> {
    return this.contents.of(record.uid, () => this.recordsOf(target).read(record));
  }

  /** The objects of a revision; undefined where its record cannot be read. */
  async manifestsOf(target: Target, head: RevisionHead): Promise<ReleaseContent['manifests'] | undefined> {
    try {
      return (await this.contentOf(target, head)).manifests;
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
  }

  /** Packs a revision; throws a ChartError where it does not fit. Nothing is stored before `store` is called: that is the exclusive step. */
  async prepare(
    target: Target,
    revision: NewRevision,
    { progress, previous }: { progress: Progress; previous: RevisionHead | undefined },
  ): Promise<{ store: () => Promise<RevisionHead> }> {
    const { namespace, name } = target;
    const records = this.recordsOf(target);
    const now = this.clock.now();
    const firstDeployed = (await this.firstDeployed(target, previous)) ?? now;
    const annotations = { [progressAnnotation]: JSON.stringify(progress) };
    const encoded = await records.encode({
      ...revision,
      namespace,
      name,
      annotations,
      labels: { [revisionLabel]: revisionMark(revision.revision, progress) },
      firstDeployed,
      lastDeployed: now,
    });
    const store = async (): Promise<RevisionHead> => {
      try {
        return headOf(await records.create(encoded));
      } catch (error) {
        throw error instanceof ChartError && error.code === 'SHIPIT_RECORD_EXISTS'
          ? new Overtaken(error.message)
          : error;
      }
    };
    return { store };
  }

  private async firstDeployed(target: Target, previous: RevisionHead | undefined): Promise<Date | undefined> {
    if (!previous) return undefined;
    try {
      return (await this.contentOf(target, previous)).firstDeployed;
    } catch (error) {
      if (isUnreadable(error)) return undefined;
      throw error;
    }
  }

  /** Fails where somebody began a newer revision: what this pass holds is not the newest any more. */
  async assertNewest({ cluster, namespace, name }: Target, { version }: RevisionHead): Promise<void> {
    const next = `sh.helm.release.v1.${name}.v${version + 1}`;
    if (await cluster.read({ apiVersion: 'v1', kind: 'Secret', namespace, name: next })) {
      throw new Overtaken(`Revision ${version + 1} of ${namespace}/${name} was begun meanwhile`);
    }
  }

  async saveProgress(target: Target, head: RevisionHead, progress: Progress): Promise<RevisionHead> {
    const { record } = head;
    const ref = {
      apiVersion: 'v1',
      kind: 'Secret',
      namespace: record.namespace,
      name: `sh.helm.release.v1.${record.name}.v${record.revision}`,
    };
    const patch = { metadata: { annotations: { [progressAnnotation]: JSON.stringify(progress) } } };
    const secret = await compareAndSet(
      target.cluster.mergePatch(ref, patch, { resourceVersion: record.resourceVersion }),
    );
    const { resourceVersion = '', annotations = {} } = secret.metadata;
    return { ...head, progress, record: { ...record, resourceVersion, annotations } };
  }

  async setStatus(
    target: Target,
    head: RevisionHead,
    status: RecordStatus,
    description?: string,
  ): Promise<RevisionHead> {
    const hookRuns = head.progress?.endedHooks;
    const outcome = { status, ...(description !== undefined && { description }), ...(hookRuns && { hookRuns }) };
    const record = await compareAndSet(this.recordsOf(target).setStatus(head.record, outcome));
    return { ...headOf(record), progress: head.progress };
  }

  /**
   * Leaves one revision in charge: older ones that were deployed are superseded, older ones that never ended were overtaken;
   * those beyond `maxHistory` go. Safe to repeat.
   */
  async tidy(target: Target, heads: readonly RevisionHead[], maxHistory: number): Promise<void> {
    const [newest, ...older] = heads;
    for (const head of older) {
      if (head.status === 'deployed' && newest?.status === 'deployed') await this.endOlder(target, head, 'superseded');
      else if (isPending(head.status)) await this.overtake(target, head, newest?.version ?? 0);
    }
    if (heads.length > maxHistory) await this.recordsOf(target).prune(target.namespace, target.name, maxHistory);
  }

  async overtake(target: Target, head: RevisionHead, by: number): Promise<void> {
    const { progress } = head;
    const endedAt = this.clock.now().toISOString();
    const noted = progress ? await this.saveProgress(target, head, { ...progress, isOvertaken: true, endedAt }) : head;
    await this.endOlder(target, noted, 'failed', `Overtaken by revision ${by} before it was ready`);
  }

  /** A record that nobody can read stays as it is. */
  private async endOlder(
    target: Target,
    head: RevisionHead,
    status: RecordStatus,
    description?: string,
  ): Promise<void> {
    try {
      await this.setStatus(target, head, status, description);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
    }
  }

  async deleteAll(target: Target, heads: readonly RevisionHead[]): Promise<void> {
    for (const { record } of [...heads].reverse()) await this.recordsOf(target).delete(record);
  }

  private recordsOf({ cluster }: Target): ReleaseRecords {
    return new ReleaseRecords(cluster, this.engine, () => this.clock.now());
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof ChartError && error.code === 'SHIPIT_RECORD_UNREADABLE';
}

function headOf(record: ReleaseRecord): RevisionHead {
  return {
    version: record.revision,
    status: record.status,
    progress: readProgress(record.annotations[progressAnnotation]),
    record,
  };
}

async function compareAndSet<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (isClusterError(error, 'Conflict') || isClusterError(error, 'NotFound')) throw new Overtaken(error.message);
    throw error;
  }
}
