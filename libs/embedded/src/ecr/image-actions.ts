import { z } from 'zod';
import { AwsError } from '../aws-json/aws-error.js';
import { awsAction, type AwsAction } from '../aws-json/aws-json-server.js';
import { invalidParameter } from './ecr-error.js';
import { pageOf, pageShape } from './page.js';
import type { ImageId, Repositories, Repository, StoredImage } from './repositories.js';

export interface PutImageRequest {
  readonly repositoryName: string;
  readonly registryId?: string | undefined;
  readonly imageManifest: string;
  readonly imageManifestMediaType?: string | undefined;
  readonly imageTag?: string | undefined;
  readonly imageDigest?: string | undefined;
}

export interface PutImageResult {
  readonly repository: Repository;
  readonly image: StoredImage;
}

const One = z.object({ repositoryName: z.string(), registryId: z.string().optional() });
const Id = z.object({ imageDigest: z.string().max(100).optional(), imageTag: z.string().max(300).optional() });
const Ids = z.array(Id).min(1).max(100);
const Filter = z.object({ tagStatus: z.enum(['TAGGED', 'UNTAGGED', 'ANY']).default('ANY') }).prefault({});
const PutImage = One.extend({
  imageManifest: z.string().min(1).max(4_194_304),
  imageManifestMediaType: z.string().max(255).optional(),
  imageTag: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/)
    .optional(),
  imageDigest: z.string().optional(),
});

/** The actions that concern images. */
export function imageActions(
  repositories: Repositories,
  put: (request: PutImageRequest) => PutImageResult,
  changed: () => void,
): Record<string, AwsAction> {
  return {
    PutImage: awsAction(PutImage, (input) => {
      const { repository, image } = put(input);
      return { image: imageBody(repository, image, { imageDigest: image.digest, imageTag: input.imageTag }) };
    }),
    DescribeImages: awsAction(One.extend({ imageIds: Ids.optional(), filter: Filter, ...pageShape }), (input) => {
      const repository = repositories.find(input);
      const isPaged = input.maxResults !== undefined || input.nextToken !== undefined;
      if (input.imageIds && isPaged) throw invalidParameter('Invalid request parameters: maxResults with imageIds');
      const images = input.imageIds
        ? [...new Set(input.imageIds.map((id) => repository.find(id)))]
        : [...repository.images.values()].filter((image) => isListed(repository, image, input.filter.tagStatus));
      return pageOf(
        images.map((image) => describeImage(repository, image)),
        input.imageIds ? {} : input,
        'imageDetails',
      );
    }),
    ListImages: awsAction(One.extend({ filter: Filter, ...pageShape }), (input) => {
      const repository = repositories.find(input);
      const images = [...repository.images.values()].filter((image) =>
        isListed(repository, image, input.filter.tagStatus),
      );
      return pageOf(
        images.flatMap((image) => idsOf(repository, image)),
        input,
        'imageIds',
      );
    }),
    BatchGetImage: awsAction(One.extend({ imageIds: Ids }), (input) => {
      const repository = repositories.find(input);
      const { done, failures } = eachId(input.imageIds, (id) => {
        const image = repository.find(id);
        return imageBody(repository, image, { imageDigest: image.digest, imageTag: id.imageTag });
      });
      return { images: done, failures };
    }),
    BatchDeleteImage: awsAction(One.extend({ imageIds: Ids }), (input) => {
      const repository = repositories.find(input);
      const { done, failures } = eachId(input.imageIds, (id) => repository.delete(id));
      changed();
      return { imageIds: done.flat(), failures };
    }),
  };
}

function isListed(repository: Repository, image: StoredImage, status: 'TAGGED' | 'UNTAGGED' | 'ANY'): boolean {
  return status === 'ANY' || (status === 'TAGGED') === repository.tagsOf(image.digest).length > 0;
}

function idsOf(repository: Repository, { digest }: StoredImage): object[] {
  const tags = repository.tagsOf(digest);
  return tags.length === 0 ? [{ imageDigest: digest }] : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
}

function describeImage(repository: Repository, image: StoredImage): object {
  const imageTags = repository.tagsOf(image.digest);
  return {
    registryId: repository.owner.account,
    repositoryName: repository.name,
    imageDigest: image.digest,
    ...(imageTags.length > 0 && { imageTags }),
    imageSizeInBytes: image.sizeBytes,
    imagePushedAt: image.pushedAt / 1000,
    imageManifestMediaType: image.mediaType,
    artifactMediaType: image.artifactMediaType,
  };
}

function imageBody(repository: Repository, image: StoredImage, imageId: ImageId): object {
  return {
    registryId: repository.owner.account,
    repositoryName: repository.name,
    imageId,
    imageManifest: image.text,
    imageManifestMediaType: image.mediaType,
  };
}

function eachId<T>(ids: readonly ImageId[], run: (id: ImageId) => T): { done: T[]; failures: object[] } {
  const done: T[] = [];
  const failures: object[] = [];
  for (const imageId of ids) {
    try {
      done.push(run(imageId));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const isMissing = error.type === 'ImageNotFoundException';
      const failureCode = isMissing ? 'ImageNotFound' : 'MissingDigestAndTag';
      failures.push({ imageId, failureCode, failureReason: isMissing ? 'Requested image not found' : error.message });
    }
  }
  return { done, failures };
}
