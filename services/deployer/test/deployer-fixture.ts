import { type ChartRenderer, chartSources, HelmEngine, HelmRenderer } from '@shipit/charts';
import {
  HelmRelease,
  type HelmReleaseStatus,
  idOf,
  repositoryLabel,
  splitReleaseKey,
  type ShipitEvent,
} from '@shipit/contracts';
import type { Cluster, KubernetesObject } from '@shipit/clusters';
import { InMemoryCluster } from '@shipit/clusters/testing';
import { InMemoryGitRepository } from '@shipit/git/testing';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { ManualClock, RecordedLog } from '@shipit/platform/testing';
import { afterAll, expect } from 'vitest';
import { createReconciler } from '../src/reconcile-release/create-reconciler.js';
import { ReleaseObjects } from '../src/release-objects/release-objects.js';
import { ReleasesInGit } from '../src/sync-repository/releases-in-git.js';
import { RepositoryReader } from '../src/sync-repository/repository-reader.js';
import { RepositorySync } from '../src/sync-repository/sync-repository.js';

export const repositoryId = idOf('repository', 'test');
export const key = 'default/word-counts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: {{ .Release.Name }}}
spec:
  replicas: {{ .Values.replicas | default 1 }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec: {containers: [{name: main, image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"}]}
`;

export const chartFiles: Record<string, string> = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/templates/deployment.yaml': deployment,
  'charts/web/templates/config.yaml': `{{- if .Values.config }}
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-config}
data: {text: {{ .Values.config | quote }}}
{{- end }}
`,
};

/** A Job that is a hook, as a chart's template. */
export function hookTemplate(name: string, events: string, more = ''): string {
  return `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
  annotations:
    helm.sh/hook: ${events}
${more}spec:
  template: {spec: {restartPolicy: Never, containers: [{name: main, image: "hook:1"}]}}
`;
}

/** The file of a release; `values` and `spec` are YAML in flow style. */
export function releaseFile(
  tag: string,
  more: { name?: string; values?: string; spec?: string; annotations?: string } = {},
): string {
  const { name = 'word-counts', values = '', spec = '', annotations = '' } = more;
  return `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: ${name}
  namespace: default
  annotations: {shipit.dev/squad: velocity${annotations}}
spec:
  chart: {repository: ./charts, name: web}
${spec}  values: {image: {repository: registry.example/${name}, tag: "${tag}"}${values}}
`;
}

const engines: HelmEngine[] = [];
afterAll(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
});

/** One engine for a whole file: starting it is the dear part. */
function sharedEngine(): HelmEngine {
  const [engine = new HelmEngine({ workers: 1 })] = engines;
  if (engines.length === 0) engines.push(engine);
  return engine;
}

/** A deployer on in-memory parts, with Helm's own engine: the verbs a test speaks. */
export async function setUp(
  files: Record<string, string> = {},
  options: { renderer?: (renderer: ChartRenderer) => ChartRenderer } = {},
) {
  const clock = new ManualClock('2026-01-01T12:00:00Z');
  const git = await InMemoryGitRepository.create({ ...chartFiles, ...files }, { now: () => clock.now() });
  const cluster = new InMemoryCluster();
  const events = new InMemoryEventBus();
  const log = new RecordedLog();
  const source = new ReleasesInGit(git, 'releases');
  const reader = new RepositoryReader(source);
  const objects = new ReleaseObjects(cluster);
  const sync = new RepositorySync({ source, objects, events, clock, log }, repositoryId);
  const engine = sharedEngine();
  const renderer = new HelmRenderer(engine);
  const ports = {
    ...{ engine, events, clock, log, management: cluster, clusters: new Map<string, Cluster>([['main', cluster]]) },
    renderer: options.renderer?.(renderer) ?? renderer,
    chooseSource: chartSources(engine),
    readRepository: (commit: string, folder: string) => reader.readFolder(commit, folder),
    isDeclared: (release: string) => reader.isDeclared(release),
    isOurs: ({ metadata }: HelmRelease) => [undefined, repositoryId].includes(metadata.labels?.[repositoryLabel]),
  };
  const reconciler = createReconciler(ports);
  const signal = new AbortController().signal;

  const pass = (release = key) => reconciler.reconcile(release, signal);
  const object = async (release = key): Promise<HelmRelease | undefined> => objects.read(release);
  const status = async (release = key): Promise<HelmReleaseStatus> => {
    const found = (await object(release))?.status;
    if (!found) throw new Error(`${release} has no status`);
    return found;
  };
  const read = (kind: string, name: string, apiVersion = 'v1') =>
    cluster.read({ apiVersion, kind, namespace: 'default', name });
  const records = async () =>
    (await cluster.list({ apiVersion: 'v1', kind: 'Secret', labelSelector: 'owner=helm' }))
      .map(({ metadata }) => `${metadata.name.split('.').at(-1)} ${metadata.labels?.['status']}`)
      .sort();

  /** What controllers would do: the Deployment's pods run. */
  const makeReady = async (name = 'word-counts') => {
    const live = await read('Deployment', name, 'apps/v1');
    if (!live) throw new Error(`Deployment ${name} does not exist`);
    await setStatus(cluster, live, readyStatus(live.metadata.generation ?? 1));
  };
  const finishJob = async (name: string, outcome: 'Complete' | 'Failed' = 'Complete') => {
    const live = await read('Job', name, 'batch/v1');
    if (!live) throw new Error(`Job ${name} does not exist`);
    const conditions = [{ type: outcome, status: 'True', reason: outcome, message: `job ${outcome.toLowerCase()}` }];
    await setStatus(cluster, live, { conditions, succeeded: outcome === 'Complete' ? 1 : 0 });
  };
  const deploy = async (release = key) => {
    await sync.run();
    await pass(release);
    await makeReady(splitReleaseKey(release).name);
    await pass(release);
  };
  /** Commits a file of a release and brings it to the cluster. */
  const commit = async (text: string | null, message = 'Change', path = 'releases/word-counts.yaml') => {
    const id = await git.push({ [path]: text }, { message });
    await sync.run();
    return id;
  };
  const told = (): string[] => events.published.map(({ type }) => type);
  return {
    clock,
    git,
    cluster,
    events,
    log,
    objects,
    sync,
    ports,
    pass,
    object,
    status,
    read,
    records,
    makeReady,
    finishJob,
    deploy,
    commit,
    told,
  };
}

export type DeployerFixture = Awaited<ReturnType<typeof setUp>>;

export async function setStatus(cluster: Cluster, live: KubernetesObject, status: object): Promise<void> {
  const { apiVersion, kind, metadata } = live;
  await cluster.mergePatch(
    { apiVersion, kind, namespace: metadata.namespace, name: metadata.name },
    { status },
    { subresource: 'status' },
  );
}

function readyStatus(observedGeneration: number) {
  const counts = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 };
  const conditions = [
    { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: '' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: '' },
  ];
  return { observedGeneration, ...counts, conditions };
}

export function eventOfType<T extends ShipitEvent['type']>(
  fixture: DeployerFixture,
  type: T,
): Extract<ShipitEvent, { type: T }> {
  const found = fixture.events.published.find((event) => event.type === type);
  expect(found, `an event ${type}`).toBeDefined();
  return found as Extract<ShipitEvent, { type: T }>;
}
