import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chartSources, type HelmEngine, HelmRenderer } from '@shipit/charts';
import { KubernetesCluster, type KubernetesObject } from '@shipit/clusters';
import { type HelmRelease, type HelmReleaseStatus, idOf, repositoryLabel } from '@shipit/contracts';
import { InMemoryGitRepository } from '@shipit/git/testing';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { SystemClock } from '@shipit/platform';
import { RecordedLog } from '@shipit/platform/testing';
import { waitUntil } from '@shipit/testing';
import { createReconciler } from '../src/reconcile-release/create-reconciler.js';
import { installCrd } from '../src/release-objects/install-crd.js';
import { ReleaseObjects } from '../src/release-objects/release-objects.js';
import { ReleasesInGit } from '../src/sync-repository/releases-in-git.js';
import { RepositoryReader } from '../src/sync-repository/repository-reader.js';
import { RepositorySync } from '../src/sync-repository/sync-repository.js';

const run = promisify(execFile);
let count = 0;

export interface OnCluster {
  kubeconfig: string;
  engine: HelmEngine;
  /** Files of the repository, for the namespace that is made for this test. */
  files: (namespace: string) => Record<string, string>;
}

/** The deployer's engine on a real API server, moved on by the test, beside the real helm and kubectl. */
export async function setUpOn({ kubeconfig, engine, files }: OnCluster) {
  const namespace = `by-hand-${process.pid}-${Date.now() % 1e6}-${count++}`;
  const key = `${namespace}/word-counts`;
  const repositoryId = idOf('repository', namespace);
  const home = await mkdtemp(join(tmpdir(), 'shipit-by-hand-'));
  const cluster = new KubernetesCluster({ name: 'main', kubeconfigFile: kubeconfig });
  const [clock, log, events] = [new SystemClock(), new RecordedLog(), new InMemoryEventBus()];
  const signal = new AbortController().signal;
  await installCrd(cluster, clock, signal);
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const git = await InMemoryGitRepository.create(files(namespace), { now: () => clock.now() });
  const source = new ReleasesInGit(git, 'releases');
  const reader = new RepositoryReader(source);
  const objects = new ReleaseObjects(cluster);
  const sync = new RepositorySync({ source, objects, events, clock, log }, repositoryId);
  const createDeployer = () =>
    createReconciler({
      ...{ engine, events, clock, log, management: cluster, clusters: new Map([['main', cluster]]) },
      renderer: new HelmRenderer(engine),
      chooseSource: chartSources(engine),
      readRepository: (commit, folder) => reader.readFolder(commit, folder),
      isDeclared: (release) => reader.isDeclared(release),
      isOurs: ({ metadata }: HelmRelease) => metadata.labels?.[repositoryLabel] === repositoryId,
    });
  const deployer = createDeployer();
  const environment = { HOME: home, PATH: '', KUBECONFIG: kubeconfig };
  const tool = async (name: string, args: string[]): Promise<string> =>
    (await run(join(process.env['KUBEBUILDER_ASSETS'] ?? '', name), [...args, '-n', namespace], { env: environment }))
      .stdout;

  /** Moves the release on until it is as expected. */
  async function until(isThere: (status: HelmReleaseStatus) => boolean): Promise<HelmReleaseStatus> {
    let last: HelmReleaseStatus | undefined;
    const look = async () => {
      await deployer.reconcile(key, signal);
      last = (await objects.read(key))?.status;
      return last !== undefined && isThere(last) ? last : undefined;
    };
    return waitUntil(async () => (await look()) ?? false, { limitMs: 40_000, everyMs: 200 }).catch((cause: unknown) => {
      throw new Error(`the release is not as expected: ${JSON.stringify(last, null, 1)}`, { cause });
    });
  }

  return {
    ...{ cluster, createDeployer, home, key, namespace, objects, sync, until },
    pass: () => deployer.reconcile(key, signal),
    untilDeployed: (revision: number) => until((status) => status.state === 'Deployed' && status.revision === revision),
    commit: async (changes: Record<string, string | null>) => {
      await git.push(changes);
      await sync.run();
    },
    read: (kind: string, name: string, apiVersion = 'v1', place = namespace) =>
      cluster.read({ apiVersion, kind, namespace: place, name }),
    apply: (object: KubernetesObject) => cluster.apply({ ...object, metadata: { namespace, ...object.metadata } }),
    helm: (...args: string[]) => tool('helm', args),
    kubectl: (...args: string[]) => tool('kubectl', args),
    /** The records as `helm history` tells them. */
    history: async () =>
      (
        JSON.parse(await tool('helm', ['history', 'word-counts', '-o', 'json'])) as {
          revision: number;
          status: string;
        }[]
      ).map(({ revision, status }) => `${revision} ${status}`),
    /** A folder on disk with these files, for helm. */
    folder: async (name: string, contents: Record<string, string>) => {
      for (const [path, text] of Object.entries(contents)) {
        await mkdir(dirname(join(home, name, path)), { recursive: true });
        await writeFile(join(home, name, path), text);
      }
      return join(home, name);
    },
    async close() {
      cluster.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type DeployerOnCluster = Awaited<ReturnType<typeof setUpOn>>;
