import {
  DescribeImagesCommand,
  type ECRClient,
  type ImageDetail,
  paginateDescribeImages,
  paginateDescribeRepositories,
} from '@aws-sdk/client-ecr';
import { formatEcrRegistry, parseEcrRegistry } from '@shipit/images';
import { translateEcrError } from './ecr-errors.js';
import {
  type DescribedImage,
  type FoundImage,
  type ImageRepository,
  Registry,
  type TaggedRepository,
} from './registry.js';

export interface EcrRegistryOptions {
  /** Called once for each region; the client's own retries and credentials apply. */
  readonly client: (region: string) => ECRClient;
  /** Accounts and regions that may be asked; any other host is answered as unknown. */
  readonly registries: readonly { readonly account: string; readonly region: string }[];
  readonly deadlineMs?: number;
}

/** More than this many images in one repository are not looked through: sweeps are for the newest. */
const maxImages = 20_000;

/** The registries of ECR that configuration names, under any of their host names. */
export class EcrRegistry extends Registry {
  private readonly clients = new Map<string, ECRClient>();
  private readonly deadlineMs: number;

  constructor(private readonly options: EcrRegistryOptions) {
    super();
    this.deadlineMs = options.deadlineMs ?? 10_000;
  }

  async describe(image: TaggedRepository, signal?: AbortSignal): Promise<DescribedImage | undefined> {
    const ecr = this.find(image.registry);
    if (!ecr) return undefined;
    const command = new DescribeImagesCommand({
      registryId: ecr.account,
      repositoryName: image.repository,
      imageIds: [{ imageTag: image.tag }],
    });
    const subject = `${image.registry}/${image.repository}:${image.tag}`;
    const answer = await this.ask(subject, signal, (abortSignal) => ecr.client.send(command, { abortSignal }));
    return describedImage(answer?.imageDetails?.[0]);
  }

  async newest({ registry, repository }: ImageRepository, since: Date, signal?: AbortSignal): Promise<FoundImage[]> {
    const ecr = this.find(registry);
    if (!ecr) return [];
    const request = { registryId: ecr.account, repositoryName: repository, filter: { tagStatus: 'TAGGED' as const } };
    const details = await this.ask(`${registry}/${repository}`, signal, async (abortSignal) => {
      const found: ImageDetail[] = [];
      let seen = 0;
      for await (const page of paginateDescribeImages({ client: ecr.client, pageSize: 1000 }, request, {
        abortSignal,
      })) {
        const images = page.imageDetails ?? [];
        found.push(...images.filter((image) => (image.imagePushedAt ?? new Date(0)) >= since));
        seen += images.length;
        if (seen >= maxImages) break;
      }
      return found;
    });
    return (details ?? []).flatMap((detail) => foundImages(detail, { registry, repository })).sort(byPushTime);
  }

  async repositories(registry: string, signal?: AbortSignal): Promise<string[]> {
    const ecr = this.find(registry);
    if (!ecr) return [];
    const names = await this.ask(registry, signal, async (abortSignal) => {
      const found: string[] = [];
      const request = { registryId: ecr.account };
      for await (const page of paginateDescribeRepositories({ client: ecr.client, pageSize: 1000 }, request, {
        abortSignal,
      })) {
        found.push(...(page.repositories ?? []).flatMap((one) => one.repositoryName ?? []));
      }
      return found;
    });
    return names ?? [];
  }

  /** Ends the connections that are kept open. */
  close(): void {
    for (const client of this.clients.values()) client.destroy();
    this.clients.clear();
  }

  private find(host: string): { account: string; client: ECRClient } | undefined {
    const name = parseEcrRegistry(host);
    if (!name) return undefined;
    const canonical = formatEcrRegistry(name);
    const isOurs = this.options.registries.some((one) => formatEcrRegistry(one) === canonical);
    if (!isOurs) return undefined;
    const client = this.clients.get(name.region) ?? this.options.client(name.region);
    this.clients.set(name.region, client);
    return { account: name.account, client };
  }

  private async ask<T>(
    subject: string,
    signal: AbortSignal | undefined,
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    const deadline = AbortSignal.timeout(this.deadlineMs);
    try {
      return await run(signal ? AbortSignal.any([signal, deadline]) : deadline);
    } catch (error) {
      signal?.throwIfAborted();
      return translateEcrError(error, { subject, deadline: deadline.aborted ? this.deadlineMs : undefined });
    }
  }
}

function describedImage(detail: ImageDetail | undefined): DescribedImage | undefined {
  if (!detail?.imageDigest || !detail.imagePushedAt) return undefined;
  return {
    digest: detail.imageDigest,
    pushedAt: detail.imagePushedAt,
    mediaType: detail.imageManifestMediaType,
    artifactMediaType: detail.artifactMediaType,
  };
}

function foundImages(detail: ImageDetail, name: ImageRepository): FoundImage[] {
  const described = describedImage(detail);
  if (!described) return [];
  const { registry, repository } = name;
  return (detail.imageTags ?? []).map((tag) => ({
    ...described,
    image: { registry, repository, tag, digest: described.digest },
  }));
}

function byPushTime(a: FoundImage, b: FoundImage): number {
  return a.pushedAt.getTime() - b.pushedAt.getTime();
}
