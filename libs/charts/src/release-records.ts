import type { Cluster, KubernetesObject, ObjectRef } from '@shipit/clusters';
import { z } from 'zod';
import { ChartError } from './chart-error.js';
import type { ChartArchive, ChartHook, HookRun, ValuesLayer } from './chart-renderer.js';
import type { HelmCall, HelmEngine } from './helm-engine.js';
import { toLayer } from './helm-renderer.js';
import {
  type ReleaseContent,
  type ReleaseRecord,
  type ReleaseStatus,
  toReleaseContent,
  toReleaseStatus,
} from './release-content.js';

export interface NewRelease {
  namespace: string;
  name: string;
  revision: number;
  chart: ChartArchive;
  /** Those it was rendered with. */
  values: readonly ValuesLayer[];
  rendered: { manifestText: string; hooks: readonly ChartHook[]; notes: string };
  status: ReleaseStatus;
  description: string;
  /** Of the first revision; later ones carry it on. */
  firstDeployed: Date;
  lastDeployed: Date;
  /** The revision that this one goes back to. */
  rollbackRevision?: number;
  /** Put on the Secret. */
  annotations?: Record<string, string>;
  /** Put on the Secret beside Helm's own. Helm keeps them, and copies them to the revisions it makes. */
  labels?: Record<string, string>;
}

/** A record ready to be stored, known to fit. */
export interface EncodedRelease {
  namespace: string;
  name: string;
  revision: number;
  status: ReleaseStatus;
  annotations: Record<string, string>;
  labels: Record<string, string>;
  release: string;
}

export interface ReleaseOutcome {
  status: ReleaseStatus;
  /** Kept as it is where absent. */
  description?: string;
  hookRuns?: readonly { kind: string; name: string; run: HookRun }[];
}

const MAX_SECRET_BYTES = 1024 * 1024;
/** What the outcome and the times of hooks may add later. */
const RESERVED_BYTES = 4096;

const Encoded = z.object({ release: z.string() });

/**
 * Helm 4's own release records: Secrets that `helm list`, `history`, `get` and `rollback` read and write as theirs.
 *
 * Creating a revision is exclusive: of two writers one gets `SHIPIT_RECORD_EXISTS`. Changing one is compare-and-set:
 * a `ClusterError` with reason Conflict means that somebody else changed it since it was read.
 */
export class ReleaseRecords {
  constructor(
    private readonly cluster: Cluster,
    private readonly engine: HelmEngine,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Packs a revision without storing it. Throws `SHIPIT_RECORD_TOO_LARGE`: ask before anything is applied. */
  async encode(release: NewRelease): Promise<EncodedRelease> {
    return encodeRelease(this.engine, release);
  }

  /** Stores a new revision. Throws `SHIPIT_RECORD_EXISTS` where somebody already has. */
  async create(encoded: EncodedRelease): Promise<ReleaseRecord> {
    const { namespace, name, revision, status, annotations, labels, release } = encoded;
    const secret: KubernetesObject = {
      apiVersion: 'v1',
      kind: 'Secret',
      type: 'helm.sh/release.v1',
      metadata: {
        namespace,
        name: secretName(name, revision),
        labels: { ...labels, name, owner: 'helm', status, version: String(revision), createdAt: this.#unixTime() },
        ...(Object.keys(annotations).length > 0 && { annotations }),
      },
      data: { release: Buffer.from(release).toString('base64') },
    };
    try {
      return requireRecord(await this.cluster.create(secret));
    } catch (error) {
      if (!isAlreadyThere(error)) throw error;
      throw new ChartError('SHIPIT_RECORD_EXISTS', `Recording ${describe(encoded)}: this revision exists already`, {
        cause: error,
      });
    }
  }

  /** All revisions, the newest first. */
  async list(namespace: string, name: string): Promise<ReleaseRecord[]> {
    const secrets = await this.cluster.list({
      ...{ apiVersion: 'v1', kind: 'Secret', namespace },
      labelSelector: `owner=helm,name=${name}`,
    });
    return secrets.flatMap((secret) => toRecord(secret) ?? []).sort((a, b) => b.revision - a.revision);
  }

  /** Unpacks a record, whether Helm 3, Helm 4 or Ship-it wrote it. */
  async read(record: ReleaseRecord): Promise<ReleaseContent> {
    const subject = `Reading the record of ${describe(record)}`;
    const fields = { release: record.release };
    const { result } = await this.engine.call({ operation: 'decodeRelease', subject, fields });
    return toReleaseContent(result);
  }

  /** Records how a revision went. */
  async setStatus(record: ReleaseRecord, outcome: ReleaseOutcome): Promise<ReleaseRecord> {
    const { status, description, hookRuns } = outcome;
    const release = await pack(this.engine, `Recording the outcome of ${describe(record)}`, {
      operation: 'updateRelease',
      fields: { release: record.release, status, description, hookRuns },
    });
    const patch = {
      metadata: { labels: { status, modifiedAt: this.#unixTime() } },
      data: { release: Buffer.from(release).toString('base64') },
    };
    const options = { resourceVersion: record.resourceVersion };
    return requireRecord(await this.cluster.mergePatch(refOfRecord(record), patch, options));
  }

  /** Deletes the oldest revisions beyond `maxHistory`, but never the newest and never the newest deployed one; 0 keeps all. */
  async prune(namespace: string, name: string, maxHistory: number): Promise<number[]> {
    if (maxHistory <= 0) return [];
    const records = await this.list(namespace, name);
    const deployed = records.find(({ status }) => status === 'deployed');
    const kept = new Set([...records.slice(0, 1), ...(deployed ? [deployed] : [])]);
    for (const record of records) if (kept.size < maxHistory) kept.add(record);
    const removed = records.filter((record) => !kept.has(record));
    for (const record of removed) await this.delete(record);
    return removed.map(({ revision }) => revision);
  }

  async delete(record: ReleaseRecord): Promise<void> {
    await this.cluster.delete(refOfRecord(record), { uid: record.uid });
  }

  #unixTime(): string {
    return String(Math.floor(this.now().getTime() / 1000));
  }
}

/** A revision as Helm packs it. Throws `SHIPIT_RECORD_TOO_LARGE` where it does not fit. */
export async function encodeRelease(engine: HelmEngine, release: NewRelease): Promise<EncodedRelease> {
  const { namespace, name, revision, status, annotations = {}, labels = {} } = release;
  const packed = await pack(engine, `Recording ${describe(release)}`, {
    operation: 'encodeRelease',
    chart: release.chart,
    fields: {
      ...{ namespace, name, revision },
      layers: release.values.map(toLayer),
      manifest: release.rendered.manifestText,
      hooks: release.rendered.hooks,
      info: {
        status,
        description: release.description,
        firstDeployed: release.firstDeployed.toISOString(),
        lastDeployed: release.lastDeployed.toISOString(),
        notes: release.rendered.notes,
        rollbackRevision: release.rollbackRevision ?? 0,
      },
    },
  });
  if (packed.length > MAX_SECRET_BYTES - RESERVED_BYTES) {
    throw new ChartError(
      'SHIPIT_RECORD_TOO_LARGE',
      `Recording ${describe(release)}: the record of ${packed.length} bytes does not fit into a Secret of 1 MiB; make the chart smaller (files that templates do not need belong into .helmignore)`,
    );
  }
  return { namespace, name, revision, status, annotations, labels, release: packed };
}

async function pack(engine: HelmEngine, subject: string, call: Omit<HelmCall, 'subject'>): Promise<string> {
  const { result } = await engine.call({ subject, ...call });
  return Encoded.parse(result).release;
}

function toRecord(secret: KubernetesObject): ReleaseRecord | undefined {
  const {
    namespace,
    labels = {},
    annotations = {},
    uid = '',
    resourceVersion = '',
    creationTimestamp,
  } = secret.metadata;
  const parsed = z.object({ release: z.string() }).safeParse(secret['data']);
  const revision = Number(labels['version']);
  if (!parsed.success || !namespace || !labels['name'] || !Number.isInteger(revision)) return undefined;
  return {
    ...{ namespace, revision, labels, annotations, uid, resourceVersion },
    name: labels['name'],
    changedAt: changedAt(labels, creationTimestamp),
    status: toReleaseStatus(labels['status'] ?? ''),
    release: Buffer.from(parsed.data.release, 'base64').toString('latin1'),
  };
}

/** Helm labels a record with the second of its last change, or of its creation. */
function changedAt({ modifiedAt, createdAt }: Record<string, string>, creationTimestamp = ''): Date | undefined {
  const changed = new Date(Number(modifiedAt ?? createdAt ?? NaN) * 1000);
  return [changed, new Date(creationTimestamp)].find((date) => !Number.isNaN(date.getTime()));
}

function requireRecord(secret: KubernetesObject): ReleaseRecord {
  const record = toRecord(secret);
  if (record) return record;
  throw new ChartError('SHIPIT_RECORD_UNREADABLE', `Secret ${secret.metadata.name} is not a Helm release record`);
}

function refOfRecord({ namespace, name, revision }: ReleaseRecord): ObjectRef {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name: secretName(name, revision) };
}

function secretName(name: string, revision: number): string {
  return `sh.helm.release.v1.${name}.v${revision}`;
}

function describe({ namespace, name, revision }: { namespace: string; name: string; revision: number }): string {
  return `${namespace}/${name} revision ${revision}`;
}

/** Told by the code: the class would bring the whole Kubernetes client to whoever only renders. */
function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SHIPIT_CLUSTER_ALREADY_EXISTS';
}
