import { join } from 'node:path';
import { type EmbeddedEcr, type EmbeddedSqs, startEcr, startSqs } from '@shipit/embedded';
import type { Ports } from './ports.js';

export const account = '123456789012';
export const region = 'us-east-1';
const queue = 'image-pushes';
const deadLetterQueue = 'image-pushes-dead-letters';

export interface AwsPart {
  ecr: EmbeddedEcr;
  sqs: EmbeddedSqs;
  queueUrl: string;
  deadLetterQueueUrl: string;
  close(): Promise<void>;
}

/** A registry and a queue, with what EventBridge would put between them. */
export async function startAws(directory: string, ports: Ports): Promise<AwsPart> {
  const sqs = await startSqs({ port: ports.sqs, account, region, stateFile: join(directory, 'sqs.json') });
  const deadLetterQueueUrl = sqs.createQueue(deadLetterQueue, { MessageRetentionPeriod: '1209600' });
  const redrive = { deadLetterTargetArn: sqs.arnOf(deadLetterQueue), maxReceiveCount: '10' };
  const queueUrl = sqs.createQueue(queue, { RedrivePolicy: JSON.stringify(redrive) });
  const ecr = await startEcr({
    port: ports.ecr,
    account,
    region,
    stateFile: join(directory, 'ecr.json'),
    createsRepositories: true,
    onPush: (event) => sqs.sendMessage(queue, JSON.stringify(event)),
  });
  const close = async (): Promise<void> => {
    await ecr.close();
    await sqs.close();
  };
  return { ecr, sqs, queueUrl, deadLetterQueueUrl, close };
}
