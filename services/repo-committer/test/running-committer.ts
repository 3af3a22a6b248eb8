import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ShipitEvent } from '@shipit/contracts';
import { type EmbeddedEcr, startEcr, startGitServer } from '@shipit/embedded';
import { BullEventBus, RedisConnections, RedisEventLog } from '@shipit/messaging';
import { RecordedLog } from '@shipit/platform/testing';
import { type RunningRedis, type SourceProcess, startSource, waitUntil } from '@shipit/testing';

const run = promisify(execFile);
const main = new URL('../src/main.ts', import.meta.url);
const token = 'committer-token';

/** A committer in a process of its own on real Redis, git over HTTP and the embedded registry, and the verbs its tests speak. */
export async function setUp(redis: RunningRedis, files: Record<string, string>) {
  const home = await mkdtemp(join(tmpdir(), 'shipit-committer-'));
  const server = await startGitServer({
    directory: join(home, 'git'),
    tokens: [token],
    repositories: { gitops: { files } },
  });
  const ecr = await startEcr({ account: '723255503624', region: 'us-east-1', createsRepositories: true });
  const config = join(home, 'shipit.yaml');
  await writeFile(config, configuration(server.repositoryUrl('gitops')));
  const connections = new RedisConnections(redis.url, new RecordedLog());
  await connections.check();
  const eventLog = new RedisEventLog(connections);
  const bus = new BullEventBus(connections, eventLog, new RecordedLog());
  const started: SourceProcess[] = [];
  const git = async (...args: string[]): Promise<string> =>
    (await run('git', ['--git-dir', server.repositoryPath('gitops'), ...args], { maxBuffer: 64 * 1024 * 1024 })).stdout;
  const events = async (): Promise<ShipitEvent[]> =>
    (await eventLog.read({ limit: 1000, order: 'newest first' })).map(({ event }) => event).reverse();
  return {
    server,
    ecr,
    git,
    events,
    token,
    async start(environment: Record<string, string> = {}): Promise<SourceProcess> {
      const service = startSource(main, {
        SHIPIT_CONFIG: config,
        REDIS_URL: redis.url,
        GIT_TOKEN: token,
        LOG_LEVEL: 'info',
        AWS_ENDPOINT_URL_ECR: ecr.url,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test-secret',
        AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
        HOME: home,
        TMPDIR: home,
        ...environment,
      });
      started.push(service);
      await service.ready();
      return service;
    },
    publish: (...messages: ShipitEvent[]) => bus.publish(...messages),
    told: async (type: ShipitEvent['type'], count: number): Promise<ShipitEvent[]> =>
      waitUntil(
        async () => {
          const found = (await events()).filter((event) => event.type === type);
          return found.length >= count && found;
        },
        { limitMs: 60_000, everyMs: 50 },
      ),
    commits: async (): Promise<string[]> => (await git('log', '--format=%s', 'main')).trim().split('\n'),
    text: (path: string) => git('show', `main:${path}`),
    async close(): Promise<void> {
      await Promise.all(started.map((service) => service.stop('SIGKILL')));
      await bus.close();
      connections.close();
      await Promise.all([server.close(), ecr.close()]);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** A push to the embedded registry, as the listener would announce it. */
export function pushTo(ecr: EmbeddedEcr, repository: string, tag: string): ShipitEvent & { type: 'image.pushed' } {
  const { registry, digest, pushedAt } = ecr.pushSample({ repository, tag });
  return {
    specversion: '1.0',
    id: `push-${repository}-${tag}`,
    source: 'image-push-listener',
    subject: `${registry}/${repository}:${tag}`,
    time: pushedAt.toISOString(),
    pushid: `push-${repository}-${tag.slice(0, 12)}`,
    type: 'image.pushed',
    data: {
      image: { registry, repository, tag, digest },
      pushedAt: pushedAt.toISOString(),
      origin: 'event',
      isOrderKnown: true,
    },
  };
}

function configuration(url: string): string {
  return `
git: {url: "${url}", branch: main, path: releases}
registries: [{account: "723255503624", region: us-east-1}]
intake: {queueUrl: "http://127.0.0.1:1/q", deadLetterQueueUrl: "http://127.0.0.1:1/d", region: us-east-1}
clusters: [{name: main}]
`;
}
