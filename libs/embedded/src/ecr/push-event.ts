import { randomUUID } from 'node:crypto';
import type { Repository, StoredImage } from './repositories.js';

/** What EventBridge tells of a push. @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html */
export interface EcrPushEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': 'ECR Image Action';
  readonly source: 'aws.ecr';
  readonly account: string;
  /** In whole seconds. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: {
    readonly result: 'SUCCESS';
    readonly 'repository-name': string;
    readonly 'image-digest': string;
    readonly 'action-type': 'PUSH';
    readonly 'image-tag'?: string;
    readonly 'manifest-media-type': string;
    readonly 'artifact-media-type'?: string;
  };
}

export function pushEvent(repository: Repository, image: StoredImage, tag: string | undefined): EcrPushEvent {
  const { account, region } = repository.owner;
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': 'ECR Image Action',
    source: 'aws.ecr',
    account,
    time: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [`arn:aws:ecr:${region}:${account}:repository/${repository.name}`],
    detail: {
      result: 'SUCCESS',
      'repository-name': repository.name,
      'image-digest': image.digest,
      'action-type': 'PUSH',
      ...(tag !== undefined && { 'image-tag': tag }),
      'manifest-media-type': image.mediaType,
      ...(image.artifactMediaType !== undefined && { 'artifact-media-type': image.artifactMediaType }),
    },
  };
}
