import { randomUUID } from 'node:crypto';
import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  GetAuthorizationTokenCommand,
  ListImagesCommand,
  paginateDescribeImages,
  PutImageCommand,
} from '@aws-sdk/client-ecr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readManifest, sampleManifest } from './manifest.js';

export interface EcrPart {
  readonly url: string;
  readonly account: string;
  readonly region: string;
  close(): Promise<void>;
}

/** What AWS documents and moto does otherwise; those cases are skipped there. */
export type EcrGap = 'makes up digests' | 'forgets untagged images' | 'hands out tokens of long ago';

/** What Ship-it relies on in ECR. The embedded part and moto pass the same cases, but for moto's gaps. */
export function describeEcr(name: string, start: () => Promise<EcrPart>, gaps: readonly EcrGap[] = []): void {
  describe(name, () => {
    let part: EcrPart;
    let client: ECRClient;

    beforeAll(async () => {
      part = await start();
      const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
      client = new ECRClient({ endpoint: part.url, region: part.region, credentials, maxAttempts: 1 });
    });
    afterAll(async () => {
      client.destroy();
      await part.close();
    });

    describeRepositories(
      () => client,
      () => part,
      gaps,
    );
    describePushes(() => client);
    describeDigests(() => client, gaps);
    describeLists(() => client);
    describeRemoval(() => client);
  });
}

function describeRepositories(client: () => ECRClient, part: () => EcrPart, gaps: readonly EcrGap[]): void {
  it('creates a repository of any depth and finds it by name', async () => {
    const { account, region } = part();
    const repositoryName = `team/deep/${randomUUID()}`;
    await client().send(new CreateRepositoryCommand({ repositoryName }));
    const found = await client().send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));

    expect(found.repositories).toMatchObject([
      {
        repositoryName,
        registryId: account,
        repositoryUri: `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}`,
        repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repositoryName}`,
        imageTagMutability: 'MUTABLE',
      },
    ]);
    expect(found.repositories?.[0]?.createdAt).toBeInstanceOf(Date);
  });

  it('refuses to create a repository twice', async () => {
    const repositoryName = await newRepository(client());

    await expect(client().send(new CreateRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryAlreadyExistsException',
    });
  });

  it('answers with a typed error and HTTP 400 for a repository that does not exist', async () => {
    const expected = { name: 'RepositoryNotFoundException', $metadata: { httpStatusCode: 400 } };
    const repositoryName = 'no-such-repository';

    await expect(client().send(new DescribeImagesCommand({ repositoryName }))).rejects.toMatchObject(expected);
    await expect(client().send(new ListImagesCommand({ repositoryName }))).rejects.toMatchObject(expected);
    await expect(client().send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject(expected);
  });

  it('hands out a token for the registry', async () => {
    const { authorizationData } = await client().send(new GetAuthorizationTokenCommand({}));
    const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? '', 'base64').toString();

    expect(token).toMatch(/^AWS:/);
    if (gaps.includes('hands out tokens of long ago')) return;
    expect(authorizationData?.[0]?.expiresAt?.getTime()).toBeGreaterThan(Date.now());
  });

  it('deletes a repository with images only when forced', async () => {
    const repositoryName = await newRepository(client());
    await push(client(), repositoryName, 'v1');

    await expect(client().send(new DeleteRepositoryCommand({ repositoryName }))).rejects.toMatchObject({
      name: 'RepositoryNotEmptyException',
    });
    await client().send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    await expect(client().send(new ListImagesCommand({ repositoryName }))).rejects.toThrow();
  });
}

function describePushes(client: () => ECRClient): void {
  it('describes a pushed image by its tag and by its digest', async () => {
    const repositoryName = await newRepository(client());
    const before = Date.now();
    const { digest } = await push(client(), repositoryName, 'v1');
    const byTag = await describeOne(client(), repositoryName, { imageTag: 'v1' });

    expect(byTag).toMatchObject({
      imageDigest: digest,
      imageTags: ['v1'],
      repositoryName,
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
    expect(Math.abs((byTag?.imagePushedAt?.getTime() ?? 0) - before)).toBeLessThan(10_000);
    expect(await describeOne(client(), repositoryName, { imageDigest: digest })).toEqual(byTag);
  });

  it('says that an image does not exist', async () => {
    const repositoryName = await newRepository(client());
    const expected = { name: 'ImageNotFoundException', $metadata: { httpStatusCode: 400 } };
    const imageDigest = `sha256:${'0'.repeat(64)}`;

    await expect(describeOne(client(), repositoryName, { imageTag: 'absent' })).rejects.toMatchObject(expected);
    await expect(describeOne(client(), repositoryName, { imageDigest })).rejects.toMatchObject(expected);
  });

  it('moves a tag to the image that was pushed last', async () => {
    const repositoryName = await newRepository(client());
    await push(client(), repositoryName, 'latest');
    const second = await push(client(), repositoryName, 'latest');

    expect((await describeOne(client(), repositoryName, { imageTag: 'latest' }))?.imageDigest).toBe(second.digest);
  });

  it('keeps several tags on one image', async () => {
    const repositoryName = await newRepository(client());
    const { manifest } = await push(client(), repositoryName, 'v1');
    await push(client(), repositoryName, 'stable', manifest);
    const image = await describeOne(client(), repositoryName, { imageTag: 'stable' });

    expect([...(image?.imageTags ?? [])].sort()).toEqual(['stable', 'v1']);
  });

  it('refuses the same image under the same tag again', async () => {
    const repositoryName = await newRepository(client());
    const { manifest } = await push(client(), repositoryName, 'v1');

    await expect(push(client(), repositoryName, 'v1', manifest)).rejects.toMatchObject({
      name: 'ImageAlreadyExistsException',
    });
  });

  it('gives manifests back byte for byte, and tells which are missing', async () => {
    const repositoryName = await newRepository(client());
    const { manifest, digest } = await push(client(), repositoryName, 'v1');
    const imageIds = [{ imageTag: 'v1' }, { imageTag: 'absent' }];
    const answer = await client().send(new BatchGetImageCommand({ repositoryName, imageIds }));

    expect(answer.images).toMatchObject([
      { imageManifest: manifest, imageId: { imageDigest: digest, imageTag: 'v1' } },
    ]);
    expect(answer.failures).toMatchObject([{ imageId: { imageTag: 'absent' }, failureCode: 'ImageNotFound' }]);
  });
}

function describeDigests(client: () => ECRClient, gaps: readonly EcrGap[]): void {
  it.skipIf(gaps.includes('makes up digests'))('names an image by the digest of its very bytes', async () => {
    const repositoryName = await newRepository(client());
    const { digest, manifest } = await push(client(), repositoryName, 'v1');

    expect(digest).toBe(readManifest(manifest).digest);
  });

  it.skipIf(gaps.includes('forgets untagged images'))(
    'keeps an image that lost its tag, and lists it as untagged',
    async () => {
      const repositoryName = await newRepository(client());
      const { digest } = await push(client(), repositoryName, 'latest');
      await push(client(), repositoryName, 'latest');
      const old = await describeOne(client(), repositoryName, { imageDigest: digest });

      expect(old?.imageTags ?? []).toEqual([]);
      expect(await digests(client(), repositoryName, 'UNTAGGED')).toEqual([digest]);
      expect(await digests(client(), repositoryName)).toHaveLength(2);
    },
  );
}

function describeLists(client: () => ECRClient): void {
  it('lists what is tagged', async () => {
    const repositoryName = await newRepository(client());
    await push(client(), repositoryName, 'latest');
    const { digest } = await push(client(), repositoryName, 'latest');
    const listed = await client().send(new ListImagesCommand({ repositoryName, filter: { tagStatus: 'TAGGED' } }));

    expect(await digests(client(), repositoryName, 'TAGGED')).toEqual([digest]);
    expect(listed.imageIds).toEqual([{ imageDigest: digest, imageTag: 'latest' }]);
  });

  it('hands out long lists to the last image, however many come at a time', async () => {
    const repositoryName = await newRepository(client());
    const pushed: (string | undefined)[] = [];
    for (let index = 0; index < 7; index += 1) pushed.push((await push(client(), repositoryName, `v${index}`)).digest);
    const found: (string | undefined)[] = [];
    for await (const page of paginateDescribeImages({ client: client(), pageSize: 3 }, { repositoryName })) {
      found.push(...(page.imageDetails ?? []).map((image) => image.imageDigest));
    }

    expect(found.sort()).toEqual(pushed.sort());
  });
}

function describeRemoval(client: () => ECRClient): void {
  it('removes a tag, and the image with its last tag', async () => {
    const repositoryName = await newRepository(client());
    const { digest, manifest } = await push(client(), repositoryName, 'v1');
    await push(client(), repositoryName, 'v2', manifest);
    const remove = (imageTag: string) =>
      client().send(new BatchDeleteImageCommand({ repositoryName, imageIds: [{ imageTag }] }));

    expect((await remove('v1')).imageIds).toEqual([{ imageDigest: digest, imageTag: 'v1' }]);
    expect((await describeOne(client(), repositoryName, { imageDigest: digest }))?.imageTags).toEqual(['v2']);
    await remove('v2');
    await expect(describeOne(client(), repositoryName, { imageDigest: digest })).rejects.toMatchObject({
      name: 'ImageNotFoundException',
    });
  });
}

async function newRepository(client: ECRClient): Promise<string> {
  const repositoryName = `contract/${randomUUID()}`;
  await client.send(new CreateRepositoryCommand({ repositoryName }));
  return repositoryName;
}

async function push(
  client: ECRClient,
  repositoryName: string,
  imageTag: string,
  imageManifest = sampleManifest(randomUUID()),
): Promise<{ digest: string | undefined; manifest: string }> {
  const imageManifestMediaType = 'application/vnd.oci.image.manifest.v1+json';
  const answer = await client.send(
    new PutImageCommand({ repositoryName, imageTag, imageManifest, imageManifestMediaType }),
  );
  return { digest: answer.image?.imageId?.imageDigest, manifest: imageManifest };
}

async function describeOne(
  client: ECRClient,
  repositoryName: string,
  id: { imageTag?: string; imageDigest?: string | undefined },
) {
  const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName, imageIds: [id] }));
  return imageDetails?.[0];
}

async function digests(client: ECRClient, repositoryName: string, tagStatus?: 'TAGGED' | 'UNTAGGED') {
  const filter = tagStatus && { tagStatus };
  const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName, filter }));
  return (imageDetails ?? []).map((image) => image.imageDigest);
}
