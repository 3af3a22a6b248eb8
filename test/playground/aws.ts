import { createHash, randomBytes } from 'node:crypto';
import { DescribeImagesCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Ready } from './playground-process.js';

const credentials = { accessKeyId: 'playground', secretAccessKey: 'playground' };

export interface Push {
  repository: string;
  tag: string;
  digest: string;
  /** When PutImage was answered. */
  at: Date;
}

/** A commit id as builds make them. Its letters say how its pods fare, so chance must not write one of those words. */
export function newTag(prefix = ''): string {
  const id = randomBytes(20).toString('hex').replaceAll('bad', 'fed');
  return `${prefix}${id.slice(prefix.length)}`;
}

/** What a build does, by the AWS SDK. */
export class Registry {
  private readonly client: ECRClient;

  constructor({ aws }: Ready) {
    this.client = new ECRClient({ endpoint: aws.endpointEcr, region: aws.region, credentials });
  }

  async push(repository: string, tag = newTag()): Promise<Push> {
    const digest = `sha256:${createHash('sha256').update(randomBytes(32)).digest('hex')}`;
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 1024 };
    const imageManifest = JSON.stringify({ schemaVersion: 2, mediaType, config, layers: [] });
    const { image } = await this.client.send(
      new PutImageCommand({ repositoryName: repository, imageTag: tag, imageManifest }),
    );
    return { repository, tag, digest: image?.imageId?.imageDigest ?? '', at: new Date() };
  }

  /** Tags of the images that the registry got last: one, or several of the same moment. */
  async newestTags(repository: string): Promise<string[]> {
    const { imageDetails = [] } = await this.client.send(
      new DescribeImagesCommand({ repositoryName: repository, maxResults: 1000 }),
    );
    const times = imageDetails.map(({ imagePushedAt }) => imagePushedAt?.getTime() ?? 0);
    const newest = Math.max(...times);
    return imageDetails.filter((_, at) => times[at] === newest).flatMap(({ imageTags = [] }) => imageTags);
  }
}

/** The intake queue and its dead letters. */
export class Queue {
  private readonly client: SQSClient;

  constructor(private readonly ready: Ready) {
    this.client = new SQSClient({ endpoint: ready.aws.endpointSqs, region: ready.aws.region, credentials });
  }

  async send(body: string | object): Promise<void> {
    const MessageBody = typeof body === 'string' ? body : JSON.stringify(body);
    await this.client.send(new SendMessageCommand({ QueueUrl: this.ready.aws.queueUrl, MessageBody }));
  }

  /** Takes a message off the queue, so that nobody else gets it. */
  async take(): Promise<string | undefined> {
    const QueueUrl = this.ready.aws.queueUrl;
    const { Messages } = await this.client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
    const [message] = Messages ?? [];
    if (!message) return undefined;
    await this.client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    return message.Body;
  }

  /** Bodies of dead letters; they stay where they are. */
  async deadLetters(): Promise<string[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.ready.aws.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
      }),
    );
    return Messages.map(({ Body }) => Body ?? '');
  }

  /** Whether no message waits or is worked on. */
  async isEmpty(): Promise<boolean> {
    const { Attributes = {} } = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.ready.aws.queueUrl, AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: inWork } = Attributes;
    return waiting === '0' && inWork === '0';
  }

  /** What EventBridge tells of a push. */
  eventOf({ repository, tag, digest, at }: Push): object {
    const { account, region } = this.ready.aws;
    return {
      version: '0',
      id: '13cde686-328b-6117-af20-0e5566167482',
      'detail-type': 'ECR Image Action',
      source: 'aws.ecr',
      account,
      time: `${at.toISOString().slice(0, 19)}Z`,
      region,
      resources: [],
      detail: {
        result: 'SUCCESS',
        'repository-name': repository,
        'image-digest': digest,
        'action-type': 'PUSH',
        'image-tag': tag,
      },
    };
  }
}
