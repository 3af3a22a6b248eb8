import { Test } from '@nestjs/testing';
import { Cluster } from '@shipit/clusters';
import { InMemoryCluster } from '@shipit/clusters/testing';
import { HelmReleaseStatus, ShipitConfig, type ShipitEvent } from '@shipit/contracts';
import { GitRepository } from '@shipit/git';
import { InMemoryGitRepository } from '@shipit/git/testing';
import { EventBus, EventLog, RedisConnections } from '@shipit/messaging';
import { InMemoryEventBus } from '@shipit/messaging/testing';
import { PlatformEnvironment, PlatformModule, SystemClock } from '@shipit/platform';
import { platformForTests } from '@shipit/platform/testing';
import { Registry } from '@shipit/registries';
import { InMemoryRegistry } from '@shipit/registries/testing';
import supertest from 'supertest';
import { ApiModule } from '../src/api.module.js';
import { ApiEnvironment } from '../src/config.js';
import { createHttpAdapter } from '../src/http-adapter.js';

export const registryHost = '123456789012.dkr.ecr.us-east-1.amazonaws.com';
export const tokens = {
  viewer: 'viewer-token-0123456789',
  deployer: 'deployer-token-0123456789',
  admin: 'admin-token-0123456789',
};
export const sha = (digit: string): string => digit.repeat(40);
export const digestOf = (digit: string): string => `sha256:${digit.repeat(64)}`;

/** The api's real container on in-memory parts, and the verbs its tests speak. */
export async function startApi({ page, files = { 'releases/word-counts.yaml': releaseFile() } }: ApiOptions = {}) {
  const git = await InMemoryGitRepository.create(files);
  const cluster = new InMemoryCluster({ namespacedKinds: ['shipit.dev/v1beta1/HelmRelease'] });
  const events = new InMemoryEventBus();
  const registry = new InMemoryRegistry();
  const platform = platformForTests(new SystemClock());
  const variables = {
    REDIS_URL: 'redis://127.0.0.1:1',
    SHIPIT_API_TOKENS: Object.entries(tokens)
      .map(([role, token]) => `${role}:${role}:${token}`)
      .join(','),
    SHIPIT_PAGE: page,
  };
  const environment = { ...PlatformEnvironment.parse(variables), ...ApiEnvironment.parse(variables) };
  const context = { ...platform, name: 'api', config, secret: () => '', environment };
  const testing = await Test.createTestingModule({
    imports: [PlatformModule.with(platform), ApiModule.with(context)],
  })
    .overrideProvider(RedisConnections)
    .useValue({ ping: async () => undefined, close: () => undefined })
    .overrideProvider(Cluster)
    .useValue(cluster)
    .overrideProvider(GitRepository)
    .useValue(git)
    .overrideProvider(EventBus)
    .useValue(events)
    .overrideProvider(EventLog)
    .useValue(events.eventLog)
    .overrideProvider(Registry)
    .useValue(registry)
    .compile();
  cluster.seed(releaseObject(git.tip));
  const application = testing.createNestApplication(createHttpAdapter(), { logger: false });
  await application.listen(0, '127.0.0.1');
  const url = await application.getUrl();
  return {
    ...{ git, cluster, events, registry, url, application, log: platform.log },
    as: (role: keyof typeof tokens) => supertest.agent(url).set('authorization', `Bearer ${tokens[role]}`),
    anybody: () => supertest.agent(url),
    /** Answers the next request of a person as the committer would. */
    committerAnswers: (answer: (request: ShipitEvent) => ShipitEvent) => answerRequests(events, answer),
    async close(): Promise<void> {
      platform.shutdown.begin('the test is over');
      await application.close();
    },
  };
}

export interface ApiOptions {
  page?: string;
  files?: Record<string, string>;
}

async function answerRequests(events: InMemoryEventBus, answer: (request: ShipitEvent) => ShipitEvent): Promise<void> {
  for await (const { event } of events.eventLog.follow(undefined, AbortSignal.timeout(10_000))) {
    if (!event.type.endsWith('.requested')) continue;
    return events.publish(answer(event));
  }
}

export function envelopeOf(id: string, subject = 'default/word-counts') {
  return { specversion: '1.0' as const, id, source: 'test', subject, time: new Date().toISOString() };
}

export function committed(requestId: string, commit = sha('c')): ShipitEvent {
  const data = { release: 'default/word-counts', commit, path: 'releases/word-counts.yaml', actor: 'ann', changes: [] };
  return {
    ...envelopeOf(`committed-${requestId}`),
    type: 'release.committed',
    data: { ...data, message: 'Done', requestId },
  };
}

export function releaseFile({ autodeploy = true, tag = sha('a'), annotations = '' } = {}): string {
  return `apiVersion: shipit.dev/v1beta1
kind: HelmRelease
metadata:
  name: word-counts
  namespace: default
  annotations:
    shipit.dev/autodeploy: "${autodeploy}"
    shipit.dev/squad: velocity
${annotations}spec:
  chart: {repository: ./charts, name: service}
  values:
    image: {repository: ${registryHost}/word-counts, tag: ${tag}}
`;
}

const config = ShipitConfig.parse({
  git: { url: 'http://127.0.0.1:1/releases.git' },
  registries: [{ account: '123456789012', region: 'us-east-1' }],
  intake: { queueUrl: 'http://127.0.0.1:1/q', deadLetterQueueUrl: 'http://127.0.0.1:1/d', region: 'us-east-1' },
  clusters: [{ name: 'main' }],
});

function releaseObject(commit: string) {
  return {
    apiVersion: 'shipit.dev/v1beta1',
    kind: 'HelmRelease',
    metadata: {
      name: 'word-counts',
      namespace: 'default',
      annotations: {
        'shipit.dev/squad': 'velocity',
        'shipit.dev/commit': commit,
        'shipit.dev/path': 'releases/word-counts.yaml',
      },
    },
    spec: { chart: { repository: './charts', name: 'service' } },
    status: HelmReleaseStatus.parse({
      ...{ state: 'Deployed', reason: 'Ready', message: 'Revision 2 runs', revision: 2, commit },
      images: [`${registryHost}/word-counts:${sha('a')}`],
      lastGood: { revision: 1, commit: sha('9') },
      history: [
        { ...entryOf(2, commit), state: 'Deployed' },
        { ...entryOf(1, sha('9')), state: 'Deployed' },
      ],
    }),
  };
}

function entryOf(revision: number, commit: string) {
  const at = '2026-11-21T00:00:00.000Z';
  return { revision, commit, chart: 'service-0.1.0', images: [], reason: 'Ready', by: 'Ann <ann@example.com>', at };
}
