import {
  imageAlreadyExists,
  imageNotFound,
  invalidParameter,
  repositoryAlreadyExists,
  repositoryNotFound,
  tagIsImmutable,
} from './ecr-error.js';
import type { Manifest } from './manifest.js';

export interface EcrOwner {
  readonly account: string;
  readonly region: string;
}

export interface StoredImage extends Manifest {
  readonly pushedAt: number;
}

export interface ImageId {
  readonly imageDigest?: string | undefined;
  readonly imageTag?: string | undefined;
}

/** One repository: images by digest, and tags that point to them. */
export class Repository {
  readonly images = new Map<string, StoredImage>();
  readonly tags = new Map<string, string>();

  constructor(
    readonly name: string,
    readonly owner: EcrOwner,
    readonly isImmutable: boolean,
    readonly createdAt = Date.now(),
  ) {}

  /** What messages call it. */
  get where(): string {
    return `repository with name '${this.name}' in the registry with id '${this.owner.account}'`;
  }

  /** Stores an image and moves the tag to it. An image that is known keeps its push time, as in ECR. */
  put(manifest: Manifest, tag: string | undefined): StoredImage {
    this.refusePush(manifest.digest, tag);
    const image = this.images.get(manifest.digest) ?? { ...manifest, pushedAt: Date.now() };
    this.images.set(image.digest, image);
    if (tag !== undefined) this.tags.set(tag, image.digest);
    return image;
  }

  /** @throws ImageNotFoundException */
  find(id: ImageId): StoredImage {
    if (id.imageDigest === undefined && id.imageTag === undefined) {
      throw invalidParameter('Invalid request parameters: image digest and tag cannot both be null');
    }
    const digest = id.imageTag === undefined ? id.imageDigest : this.tags.get(id.imageTag);
    const image = this.images.get(digest ?? '');
    if (!image || (id.imageDigest !== undefined && id.imageDigest !== digest)) throw imageNotFound(id, this.where);
    return image;
  }

  tagsOf(digest: string): string[] {
    return [...this.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag);
  }

  /** By tag: that tag, and the image with its last one. By digest: the image with all its tags. */
  delete(id: ImageId): ImageId[] {
    const { digest } = this.find(id);
    const tags = id.imageTag === undefined ? this.tagsOf(digest) : [id.imageTag];
    for (const tag of tags) this.tags.delete(tag);
    if (id.imageTag === undefined || this.tagsOf(digest).length === 0) this.images.delete(digest);
    return tags.length === 0 ? [{ imageDigest: digest }] : tags.map((imageTag) => ({ imageDigest: digest, imageTag }));
  }

  private refusePush(digest: string, tag: string | undefined): void {
    const tagged = tag === undefined ? digest : this.tags.get(tag);
    if (this.images.has(digest) && tagged === digest) throw imageAlreadyExists(digest, tag ?? 'null', this.where);
    if (tag !== undefined && tagged !== undefined && this.isImmutable) throw tagIsImmutable(tag, this.where);
  }
}

/** All repositories of one account and region. */
export class Repositories {
  private readonly byName = new Map<string, Repository>();

  constructor(readonly owner: EcrOwner) {}

  all(): Repository[] {
    return [...this.byName.values()];
  }

  create(name: string, options: { isImmutable?: boolean; createdAt?: number } = {}): Repository {
    if (this.byName.has(name)) throw repositoryAlreadyExists(name, this.owner);
    if (name.length < 2 || name.length > 256 || !repositoryName.test(name)) {
      throw invalidParameter(
        "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular expression'",
      );
    }
    const repository = new Repository(name, this.owner, options.isImmutable ?? false, options.createdAt);
    this.byName.set(name, repository);
    return repository;
  }

  /** @throws RepositoryNotFoundException, also for a registry that is not ours */
  find({ repositoryName: name, registryId }: { repositoryName: string; registryId?: string | undefined }): Repository {
    const repository = this.byName.get(name);
    const isOurs = registryId === undefined || registryId === this.owner.account;
    if (!repository || !isOurs)
      throw repositoryNotFound(name, { ...this.owner, account: registryId ?? this.owner.account });
    return repository;
  }

  has(name: string): boolean {
    return this.byName.has(name);
  }

  delete(repository: Repository): void {
    this.byName.delete(repository.name);
  }
}

const repositoryName = /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/;
