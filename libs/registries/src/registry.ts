import type { PushedImage } from '@shipit/contracts';

/** A repository in a registry, by the host in its image names. */
export interface ImageRepository {
  readonly registry: string;
  readonly repository: string;
}

export interface TaggedRepository extends ImageRepository {
  readonly tag: string;
}

/** What a registry knows of the image behind a tag. */
export interface DescribedImage {
  readonly digest: string;
  /** When the *image* was pushed; a tag may have been moved to it later. */
  readonly pushedAt: Date;
  readonly mediaType?: string | undefined;
  readonly artifactMediaType?: string | undefined;
}

export interface FoundImage extends DescribedImage {
  /** Named as the repository that was asked for. */
  readonly image: PushedImage;
}

/**
 * Asks registries what is truly there. Only reads.
 * Every question has a deadline; it throws RegistryError where the registry cannot be reached or refuses to answer.
 */
export abstract class Registry {
  /** @returns undefined where the repository or the tag does not exist, or the host is none of ours */
  abstract describe(image: TaggedRepository, signal?: AbortSignal): Promise<DescribedImage | undefined>;

  /**
   * Every tag whose image was pushed at `since` or later, oldest first; one image with two tags comes twice.
   * Empty where the repository does not exist.
   */
  abstract newest(repository: ImageRepository, since: Date, signal?: AbortSignal): Promise<FoundImage[]>;

  /** Names of all repositories of a registry host; empty where the host is none of ours. */
  abstract repositories(registry: string, signal?: AbortSignal): Promise<string[]>;
}
