import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ShipitEvent } from '@shipit/contracts';
import { type EcrPushEvent, startEcr, startSqs } from '@shipit/embedded';
import { RedisConnections, RedisEventLog } from '@shipit/messaging';
import { RecordedLog } from '@shipit/platform/testing';
import { type SourceProcess, startRedis, startSource, waitUntil } from '@shipit/testing';

const main = new URL('../src/main.ts', import.meta.url);
const account = '723255503624';
const region = 'us-east-1';

/** The listener as a process of its own between real Redis and embedded SQS and ECR. */
export async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'listener-'));
  const redis = await startRedis();
  const sqs = await startSqs({ region, account });
  const deadLetterQueueUrl = sqs.createQueue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: sqs.arnOf('dead'), maxReceiveCount: 100 });
  const queueUrl = sqs.createQueue('pushes', { RedrivePolicy });
  const deliver = (event: EcrPushEvent): void => sqs.sendMessage('pushes', JSON.stringify(event));
  let isDelivering = true;
  const onPush = (event: EcrPushEvent): void => void (isDelivering && deliver(event));
  const ecr = await startEcr({ account, region, createsRepositories: true, onPush });
  const connections = new RedisConnections(redis.url, new RecordedLog());
  const eventLog = new RedisEventLog(connections);
  const processes: SourceProcess[] = [];

  const config = join(folder, 'shipit.yaml');
  await writeFile(
    config,
    JSON.stringify({
      git: { url: 'https://git.example.com/releases.git' },
      registries: [{ account, region }],
      intake: { queueUrl, deadLetterQueueUrl, region, visibilitySeconds: 5 },
      sweep: { everySeconds: 1 },
      clusters: [{ name: 'main' }],
    }),
  );
  const environment = {
    SHIPIT_CONFIG: config,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'debug',
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_ECR: ecr.url,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };

  return {
    account,
    redis,
    sqs,
    ecr,
    queueUrl,
    deadLetterQueueUrl,
    async start(more: Record<string, string> = {}): Promise<SourceProcess> {
      const listener = startSource(main, { ...environment, ...more });
      processes.push(listener);
      await listener.ready();
      return listener;
    },
    /** What EventBridge loses from now on. */
    setDelivering: (delivering: boolean): void => void (isDelivering = delivering),
    events: async (): Promise<ShipitEvent[]> => (await eventLog.read({ limit: 1000 })).map(({ event }) => event),
    async waitForEvents(type: ShipitEvent['type'], subject: string): Promise<ShipitEvent[]> {
      return waitUntil(
        async () => {
          const found = (await this.events()).filter((event) => event.type === type && event.subject.endsWith(subject));
          return found.length > 0 && found;
        },
        { limitMs: 20_000 },
      );
    },
    /** Waits until nothing is left on the queue, in hand or not. */
    waitUntilTaken: (): Promise<true> => waitUntil(() => sqs.count('pushes') === 0, { limitMs: 20_000 }),
    async close(): Promise<void> {
      for (const one of processes)
        if (one.child.exitCode === null && one.child.signalCode === null) await one.stop('SIGKILL');
      connections.close();
      await Promise.all([redis.close(), sqs.close(), ecr.close(), rm(folder, { recursive: true })]);
    },
  };
}
