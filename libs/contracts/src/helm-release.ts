import { z } from 'zod';
import { Duration, Name } from './name.js';

export const helmReleaseApiVersion = 'shipit.dev/v1beta1';
/** The group of Ship-it's first life: read from git as an alias, never written. */
export const legacyApiVersion = 'shipit.wattpad.com/v1beta1';
export const annotationPrefix = 'shipit.dev/';
export const legacyAnnotationPrefix = 'helmreleases.shipit.wattpad.com/';

/** One word everywhere: status, API, page, terminal. */
export const releaseStates = [
  'Pending',
  'Deploying',
  'Deployed',
  'Failed',
  'RollingBack',
  'RolledBack',
  'Deleting',
] as const;
export const ReleaseState = z.enum(releaseStates);
export type ReleaseState = z.infer<typeof ReleaseState>;

const Values = z.record(z.string(), z.unknown());

export const ChartReference = z.object({
  /** https://…, oci://…, s3://…, git+https://…, or a path in the GitOps repository such as ./charts */
  repository: z.string().min(1).max(1024),
  name: Name,
  version: z.string().min(1).max(128).describe('An exact version; optional for a path in the repository').optional(),
});
export type ChartReference = z.infer<typeof ChartReference>;

export const ValuesReference = z.object({
  kind: z.enum(['Secret', 'ConfigMap']),
  name: z.string().min(1).max(253),
  key: z.string().min(1).max(253).default('values.yaml'),
  optional: z.boolean().default(false),
});

export const RollbackPolicy = z.object({
  automatic: z.boolean().default(true),
  watch: Duration.default('10m').describe('How long a deployed release is watched before it counts as verified'),
  then: z
    .enum(['next-image', 'hold'])
    .default('next-image')
    .describe('What an automatic rollback leaves: the next newer push deploys, or a hold'),
  monitors: z.object({ tags: z.array(z.string()).default([]) }).optional(),
});

export const DriftPolicy = z.object({
  mode: z.enum(['warn', 'correct', 'ignore']).default('warn'),
  ignore: z.array(z.string()).default([]),
});

export const HelmReleaseSpec = z.object({
  releaseName: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]{0,51}[a-z0-9])?$/, 'must be a Helm release name (at most 53 characters)')
    .optional()
    .describe('Default: metadata.name'),
  cluster: Name.optional().describe('Required when more than one cluster is configured; immutable'),
  targetNamespace: Name.optional().describe('Default: metadata.namespace; immutable'),
  createNamespace: z.boolean().default(false),
  serviceAccountName: z.string().max(253).optional(),
  chart: ChartReference,
  crds: z.enum(['create', 'upgrade', 'skip']).default('create'),
  timeout: Duration.default('5m'),
  maxHistory: z.int().min(1).max(100).default(10),
  dependsOn: z.array(z.object({ name: Name, namespace: Name.optional() })).default([]),
  valuesFrom: z.array(ValuesReference).default([]),
  values: Values.default({}),
  test: z.object({ enabled: z.boolean().default(false) }).default({ enabled: false }),
  rollback: RollbackPolicy.default({ automatic: true, watch: '10m', then: 'next-image' }),
  drift: DriftPolicy.default({ mode: 'warn', ignore: [] }),
  deletionPolicy: z.enum(['uninstall', 'orphan']).default('uninstall'),
  suspend: z.boolean().default(false),
});
export type HelmReleaseSpec = z.infer<typeof HelmReleaseSpec>;

export const Condition = z.object({
  type: z.string(),
  status: z.enum(['True', 'False', 'Unknown']),
  reason: z.string(),
  message: z.string(),
  lastTransitionTime: z.string(),
  observedGeneration: z.int().optional(),
});
export type Condition = z.infer<typeof Condition>;

/** Why and by whom a rollback was asked for. `kind: release` is the release's own failure. */
export const RollbackCause = z.object({
  kind: z.enum(['release', 'monitor', 'person']),
  message: z.string().max(2000),
  object: z.string().max(600).optional().describe('kind/name of the object that failed'),
  /** True where an image that the judged deployment brought is to blame, so that it is blocked. */
  imageAtFault: z.boolean().default(false),
});
export type RollbackCause = z.infer<typeof RollbackCause>;

export const ChartInUse = z.object({
  name: z.string(),
  version: z.string(),
  digest: z.string(),
  repository: z.string(),
  /** Where the chart came from git: the commit that its tag meant. */
  commit: z.string().optional(),
});
export type ChartInUse = z.infer<typeof ChartInUse>;

export const HistoryEntry = z.object({
  revision: z.int(),
  commit: z.string(),
  chart: z.string(),
  images: z.array(z.string()),
  state: ReleaseState,
  reason: z.string(),
  by: z.string(),
  at: z.string(),
  tookSeconds: z.number().optional(),
});
export type HistoryEntry = z.infer<typeof HistoryEntry>;

/** A revision that can be returned to: the commit whose spec it ran. */
export const GoodRevision = z.object({ revision: z.int(), commit: z.string(), inputs: z.string().optional() });
export type GoodRevision = z.infer<typeof GoodRevision>;

export const HelmReleaseStatus = z.object({
  state: ReleaseState,
  reason: z.string().default(''),
  message: z.string().default(''),
  observedGeneration: z.int().optional(),
  conditions: z.array(Condition).default([]),
  revision: z.int().optional(),
  commit: z.string().optional(),
  deployId: z.string().optional(),
  pushId: z.string().optional(),
  actor: z.string().optional(),
  images: z.array(z.string()).default([]),
  chart: ChartInUse.optional(),
  inputs: z.string().optional().describe('Digest of everything the revision was rendered from'),
  attempt: z.int().default(0),
  startedAt: z.string().optional(),
  lastDeployedAt: z.string().optional(),
  lastGood: GoodRevision.optional(),
  lastVerified: GoodRevision.optional(),
  rollback: z
    .object({
      of: z.string(),
      to: z.string().optional(),
      cause: RollbackCause,
      by: z.string(),
      at: z.string(),
      state: z.enum(['requested', 'superseded', 'refused', 'committed']).default('requested'),
    })
    .optional(),
  history: z.array(HistoryEntry).default([]),
});
export type HelmReleaseStatus = z.infer<typeof HelmReleaseStatus>;

export const ObjectMeta = z.looseObject({
  name: Name,
  namespace: Name.optional(),
  uid: z.string().optional(),
  resourceVersion: z.string().optional(),
  generation: z.int().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  finalizers: z.array(z.string()).optional(),
});

/** A release: a chart with values, installed under a name. A file in git, and the object of the same name in the management cluster. */
export const HelmRelease = z.looseObject({
  apiVersion: z.enum([helmReleaseApiVersion, legacyApiVersion]),
  kind: z.literal('HelmRelease'),
  metadata: ObjectMeta,
  spec: HelmReleaseSpec,
  status: HelmReleaseStatus.optional(),
});
export type HelmRelease = z.infer<typeof HelmRelease>;

/** What the deployer writes on each HelmRelease object it applies from git. */
export const syncAnnotations = {
  commit: 'shipit.dev/commit',
  path: 'shipit.dev/path',
  deployId: 'shipit.dev/deploy-id',
  pushId: 'shipit.dev/push-id',
  traceId: 'shipit.dev/trace-id',
  actor: 'shipit.dev/actor',
  rollbackOf: 'shipit.dev/rollback-of',
} as const;
export const repositoryLabel = 'shipit.dev/repository';
export const releaseFinalizer = 'shipit.dev/uninstall';
