import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HelmRelease, type ShipitEvent } from '@shipit/contracts';
import { KubernetesCluster } from '@shipit/clusters';
import { startGitServer } from '@shipit/embedded';
import { IsomorphicGitRepository } from '@shipit/git';
import { BullEventBus, RedisConnections, RedisEventLog } from '@shipit/messaging';
import { RecordedLog } from '@shipit/platform/testing';
import { type RunningRedis, type SourceProcess, startSource, waitUntil } from '@shipit/testing';

const main = new URL('../src/main.ts', import.meta.url);
const token = 'deployer-token';
const author = { name: 'Ann', email: 'ann@example.com' };

export interface Surroundings {
  redis: RunningRedis;
  kubeconfig: string;
  namespace: string;
  files: Record<string, string>;
}

/** A deployer in a process of its own on real Redis, git over HTTP and a Kubernetes API, and the verbs its tests speak. */
export async function setUp({ redis, kubeconfig, namespace, files }: Surroundings) {
  const home = await mkdtemp(join(tmpdir(), 'shipit-deployer-'));
  const server = await startGitServer({
    directory: join(home, 'git'),
    tokens: [token],
    repositories: { gitops: { files } },
  });
  const url = server.repositoryUrl('gitops');
  const config = join(home, 'shipit.yaml');
  await writeFile(config, configuration(url, kubeconfig));
  const cluster = new KubernetesCluster({ name: 'main', kubeconfigFile: kubeconfig });
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const connections = new RedisConnections(redis.url, new RecordedLog());
  await connections.check();
  const eventLog = new RedisEventLog(connections);
  const bus = new BullEventBus(connections, eventLog, new RecordedLog());
  const git = new IsomorphicGitRepository({ url, branch: 'main', token });
  const started: SourceProcess[] = [];
  const events = async (): Promise<ShipitEvent[]> =>
    (await eventLog.read({ limit: 1000, order: 'newest first' })).map(({ event }) => event).reverse();
  const release = async (name = 'word-counts'): Promise<HelmRelease | undefined> => {
    const ref = { apiVersion: 'shipit.dev/v1beta1', kind: 'HelmRelease', namespace, name };
    const object = await cluster.read(ref);
    return object && HelmRelease.parse(object);
  };

  return {
    cluster,
    redis,
    events,
    release,
    async start(environment: Record<string, string> = {}): Promise<SourceProcess> {
      const service = startSource(main, {
        SHIPIT_CONFIG: config,
        REDIS_URL: redis.url,
        GIT_TOKEN: token,
        LOG_LEVEL: 'info',
        HOME: home,
        ...environment,
      });
      started.push(service);
      await service.ready();
      return service;
    },
    /** Puts a commit on the branch and, as the committer would, says so. */
    async commit(changes: Record<string, string | null>, message = 'Change'): Promise<string> {
      const parent = await git.fetch();
      const contents = new Map(
        Object.entries(changes).map(([path, text]) => [path, text === null ? null : Buffer.from(text)]),
      );
      const { commit } = await git.publish({ parent, message, author, files: contents });
      const data = {
        release: `${namespace}/word-counts`,
        commit,
        path: 'releases/word-counts.yaml',
        actor: 'Ship-it',
        changes: [],
        message: '',
      };
      const [source, subject, time] = ['repo-committer', data.release, new Date().toISOString()];
      await bus.publish({
        specversion: '1.0',
        id: commit.slice(0, 32),
        source,
        subject,
        time,
        type: 'release.committed',
        data,
      });
      return commit;
    },
    publish: (...messages: ShipitEvent[]) => bus.publish(...messages),
    /** Waits until the release is in a state, and at a commit where one is named. */
    until: async (state: string, commit?: string, limitMs = 30_000): Promise<NonNullable<HelmRelease['status']>> => {
      let last: HelmRelease | undefined;
      try {
        return await waitUntil(
          async () => {
            last = await release();
            const { status } = last ?? {};
            return status?.state === state && (commit === undefined || status.commit === commit) && status;
          },
          { limitMs, everyMs: 50 },
        );
      } catch (error) {
        const output = started
          .map((service) => service.output())
          .join('\n')
          .slice(-6000);
        throw new Error(`not ${state}: ${JSON.stringify(last?.status, null, 1)}\n${output}`, { cause: error });
      }
    },
    async close(): Promise<void> {
      await Promise.all(started.map((service) => service.stop('SIGKILL')));
      await bus.close();
      connections.close();
      await git.close();
      cluster.close();
      await server.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

function configuration(url: string, kubeconfig: string): string {
  return `
git: {url: "${url}", branch: main, path: releases, pollSeconds: 5}
registries: [{account: "723255503624", region: us-east-1}]
intake: {queueUrl: "http://127.0.0.1:1/q", deadLetterQueueUrl: "http://127.0.0.1:1/d", region: us-east-1}
clusters: [{name: main, kubeconfig: "${kubeconfig}"}]
`;
}
