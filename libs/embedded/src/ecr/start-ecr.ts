import { z } from 'zod';
import { AwsError } from '../aws-json/aws-error.js';
import { serveAwsJson } from '../aws-json/aws-json-server.js';
import { StateFile } from '../state-file.js';
import { imageActions, type PutImageRequest, type PutImageResult } from './image-actions.js';
import { readManifest, sampleManifest } from './manifest.js';
import { type EcrPushEvent, pushEvent } from './push-event.js';
import { Repositories } from './repositories.js';
import { repositoryActions } from './repository-actions.js';

export interface EcrOptions {
  /** 0 or absent: any free port. */
  readonly port?: number | undefined;
  readonly account: string;
  readonly region: string;
  /** Repositories and images are kept here and found again at the next start. */
  readonly stateFile?: string | undefined;
  /** A push to a repository that is not there creates it. */
  readonly createsRepositories?: boolean | undefined;
  /** Told of every push, by whatever client, as EventBridge would; called before the push is answered. */
  readonly onPush?: ((event: EcrPushEvent) => void) | undefined;
}

export interface PushedSample {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
  readonly digest: string;
  readonly pushedAt: Date;
}

export interface EmbeddedEcr {
  readonly url: string;
  readonly account: string;
  readonly region: string;
  /** The host in image names: `<account>.dkr.ecr.<region>.amazonaws.com`. */
  readonly registryHost: string;
  createRepository(name: string): void;
  /** Pushes a made-up image without a client; its digest is its own unless `content` repeats. */
  pushSample(image: { repository: string; tag: string; content?: string }): PushedSample;
  close(): Promise<void>;
}

/** Starts a stand-in for ECR that unmodified AWS clients can use. Layers are neither stored nor asked for. */
export async function startEcr(options: EcrOptions): Promise<EmbeddedEcr> {
  const { account, region } = options;
  const registryHost = `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
  const repositories = new Repositories({ account, region });
  const file = new StateFile(options.stateFile, SavedState, () => save(repositories));
  restore(repositories, await file.load());
  const changed = (): void => file.changed();
  const put = (request: PutImageRequest): PutImageResult => {
    const result = putImage(repositories, request, options.createsRepositories ?? false);
    changed();
    options.onPush?.(pushEvent(result.repository, result.image, request.imageTag));
    return result;
  };
  const server = await serveAwsJson(
    {
      target: 'AmazonEC2ContainerRegistry_V20150921',
      contentType: 'application/x-amz-json-1.1',
      errorPrefix: '',
      invalidParameterType: 'InvalidParameterException',
      actions: { ...repositoryActions(repositories, changed), ...imageActions(repositories, put, changed) },
    },
    options.port,
  );
  return {
    account,
    region,
    registryHost,
    url: server.url,
    createRepository: (name) => {
      if (!repositories.has(name)) repositories.create(name);
      changed();
    },
    pushSample: ({ repository, tag, content = `${repository}:${tag} ${Date.now()} ${Math.random()}` }) => {
      const { image } = put({ repositoryName: repository, imageTag: tag, imageManifest: sampleManifest(content) });
      return { registry: registryHost, repository, tag, digest: image.digest, pushedAt: new Date(image.pushedAt) };
    },
    close: async () => {
      await server.close();
      await file.flush();
    },
  };
}

function putImage(repositories: Repositories, request: PutImageRequest, createsRepositories: boolean): PutImageResult {
  const manifest = readManifest(request.imageManifest, request.imageManifestMediaType);
  if (request.imageDigest !== undefined && request.imageDigest !== manifest.digest) {
    const message = 'The specified image digest does not match the digest that Amazon ECR calculated for the image.';
    throw new AwsError('ImageDigestDoesNotMatchException', message);
  }
  if (createsRepositories && !repositories.has(request.repositoryName)) repositories.create(request.repositoryName);
  const repository = repositories.find(request);
  return { repository, image: repository.put(manifest, request.imageTag) };
}

const SavedState = z.object({
  version: z.literal(1),
  repositories: z.array(
    z.object({
      name: z.string(),
      isImmutable: z.boolean(),
      createdAt: z.number(),
      images: z.array(z.object({ text: z.string(), mediaType: z.string(), pushedAt: z.number() })),
      tags: z.array(z.tuple([z.string(), z.string()])),
    }),
  ),
});

function save(repositories: Repositories): z.input<typeof SavedState> {
  return {
    version: 1,
    repositories: repositories.all().map(({ name, isImmutable, createdAt, images, tags }) => ({
      name,
      isImmutable,
      createdAt,
      images: [...images.values()].map(({ text, mediaType, pushedAt }) => ({ text, mediaType, pushedAt })),
      tags: [...tags],
    })),
  };
}

function restore(repositories: Repositories, state: z.output<typeof SavedState> | undefined): void {
  for (const { name, isImmutable, createdAt, images, tags } of state?.repositories ?? []) {
    const repository = repositories.create(name, { isImmutable, createdAt });
    for (const { text, mediaType, pushedAt } of images) {
      const manifest = readManifest(text, mediaType);
      repository.images.set(manifest.digest, { ...manifest, pushedAt });
    }
    for (const [tag, digest] of tags) repository.tags.set(tag, digest);
  }
}
