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

/** What Ship-it relies on in ECR. The embedded part and moto pass the same cases. */
export function describeEcr(name: string, start: () => Promise<EcrPart>): void {
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
    );
    describePushes(() => client);
    describeLists(() => client);
    describeRemoval(() => client);
  });
}

function describeRepositories(client: () => ECRClient, part: () => EcrPart): void {
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
    const { digest, manifest } = await push(client(), repositoryName, 'v1');
    const byTag = await describeOne(client(), repositoryName, { imageTag: 'v1' });

    expect(byTag).toMatchObject({
      imageDigest: digest,
      imageTags: ['v1'],
      repositoryName,
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
    });
    expect(digest).toBe(readManifest(manifest).digest);
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
    const first = await push(client(), repositoryName, 'latest');
    const second = await push(client(), repositoryName, 'latest');

    expect((await describeOne(client(), repositoryName, { imageTag: 'latest' }))?.imageDigest).toBe(second.digest);
    const old = await describeOne(client(), repositoryName, { imageDigest: first.digest });
    expect(old?.imageTags ?? []).toEqual([]);
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

function describeLists(client: () => ECRClient): void {
  it('lists what is tagged, what is not, and all', async () => {
    const repositoryName = await newRepository(client());
    const first = await push(client(), repositoryName, 'latest');
    const second = await push(client(), repositoryName, 'latest');
    const digests = async (tagStatus?: 'TAGGED' | 'UNTAGGED'): Promise<(string | undefined)[]> => {
      const filter = tagStatus && { tagStatus };
      const answer = await client().send(new DescribeImagesCommand({ repositoryName, filter }));
      return (answer.imageDetails ?? []).map((image) => image.imageDigest).sort();
    };
    const listed = await client().send(new ListImagesCommand({ repositoryName, filter: { tagStatus: 'TAGGED' } }));

    expect(await digests('TAGGED')).toEqual([second.digest]);
    expect(await digests('UNTAGGED')).toEqual([first.digest]);
    expect(await digests()).toEqual([first.digest, second.digest].sort());
    expect(listed.imageIds).toEqual([{ imageDigest: second.digest, imageTag: 'latest' }]);
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
