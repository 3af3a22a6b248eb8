import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeImagesCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { describe, expect, it } from 'vitest';
import { describeEcr } from './ecr.contract.js';
import { sampleManifest } from './manifest.js';
import type { EcrPushEvent } from './push-event.js';
import { startEcr } from './start-ecr.js';

const owner = { account: '123456789012', region: 'us-east-1' };

describeEcr('embedded ECR', () => startEcr(owner));

describe('embedded ECR', () => {
  it('tells of a push by an unmodified client what EventBridge would', async () => {
    const events: EcrPushEvent[] = [];
    const ecr = await startEcr({ ...owner, createsRepositories: true, onPush: (event) => events.push(event) });
    const image = { repositoryName: 'team/word-counts', imageTag: 'v1', imageManifest: sampleManifest('a') };
    const pushed = await withClient(ecr.url, (client) => client.send(new PutImageCommand(image)));
    await ecr.close();

    expect(events).toEqual([
      {
        version: '0',
        id: expect.any(String) as string,
        'detail-type': 'ECR Image Action',
        source: 'aws.ecr',
        ...owner,
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) as string,
        resources: ['arn:aws:ecr:us-east-1:123456789012:repository/team/word-counts'],
        detail: {
          result: 'SUCCESS',
          'repository-name': 'team/word-counts',
          'image-digest': pushed.image?.imageId?.imageDigest,
          'action-type': 'PUSH',
          'image-tag': 'v1',
          'manifest-media-type': 'application/vnd.oci.image.manifest.v1+json',
          'artifact-media-type': 'application/vnd.oci.image.config.v1+json',
        },
      },
    ]);
  });

  it('finds its images again after a restart, with their push times', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ecr-'));
    const options = { ...owner, stateFile: join(folder, 'ecr.json'), createsRepositories: true };
    const before = await startEcr(options);
    const sample = before.pushSample({ repository: 'word-counts', tag: 'v1' });
    await before.close();
    const after = await startEcr(options);
    const request = new DescribeImagesCommand({ repositoryName: 'word-counts', imageIds: [{ imageTag: 'v1' }] });
    const answer = await withClient(after.url, (client) => client.send(request));
    await after.close();
    await rm(folder, { recursive: true });

    expect(answer.imageDetails).toMatchObject([{ imageDigest: sample.digest, imagePushedAt: sample.pushedAt }]);
  });

  it('refuses to push to a repository that is not there, to another account, and a wrong digest', async () => {
    const ecr = await startEcr(owner);
    ecr.createRepository('word-counts');
    const put = (changes: object): Promise<string> =>
      withClient(ecr.url, (client) =>
        client.send(
          new PutImageCommand({ repositoryName: 'word-counts', imageManifest: sampleManifest('a'), ...changes }),
        ),
      ).then(
        () => 'stored',
        (error: Error) => error.name,
      );
    const outcomes = [
      await put({ repositoryName: 'other' }),
      await put({ registryId: '999999999999' }),
      await put({ imageDigest: `sha256:${'0'.repeat(64)}` }),
      await put({ imageManifest: '{' }),
      await put({ imageTag: 'not/a tag' }),
      await put({ imageTag: 'v1' }),
    ];
    await ecr.close();

    expect(outcomes).toEqual([
      'RepositoryNotFoundException',
      'RepositoryNotFoundException',
      'ImageDigestDoesNotMatchException',
      'InvalidParameterException',
      'InvalidParameterException',
      'stored',
    ]);
  });
});

async function withClient<T>(url: string, use: (client: ECRClient) => Promise<T>): Promise<T> {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new ECRClient({ endpoint: url, region: owner.region, credentials, maxAttempts: 1 });
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
