import { canonicalRepository } from '@shipit/images';
import {
  type DescribedImage,
  type FoundImage,
  type ImageRepository,
  Registry,
  type TaggedRepository,
} from './registry.js';
import { RegistryError } from './registry-error.js';

/** A registry that holds what `push` brought. */
export class InMemoryRegistry extends Registry {
  private readonly tags = new Map<string, Map<string, DescribedImage>>();
  private readonly names = new Map<string, ImageRepository>();
  private isDown = false;

  /** Moves the tag; a digest that is known keeps its push time. */
  push(image: TaggedRepository, described: DescribedImage): void {
    const key = canonicalRepository(image);
    const tags = this.tags.get(key) ?? new Map<string, DescribedImage>();
    const known = [...tags.values()].find((one) => one.digest === described.digest);
    this.tags.set(key, tags.set(image.tag, known ?? described));
    this.names.set(key, { registry: image.registry, repository: image.repository });
  }

  /** While it is down every question fails as a network would. */
  setDown(isDown: boolean): void {
    this.isDown = isDown;
  }

  async describe(image: TaggedRepository, signal?: AbortSignal): Promise<DescribedImage | undefined> {
    await this.answer(signal);
    return this.tags.get(canonicalRepository(image))?.get(image.tag);
  }

  async newest({ registry, repository }: ImageRepository, since: Date, signal?: AbortSignal): Promise<FoundImage[]> {
    await this.answer(signal);
    return [...(this.tags.get(canonicalRepository({ registry, repository })) ?? [])]
      .map(([tag, described]) => ({ ...described, image: { registry, repository, tag, digest: described.digest } }))
      .filter(({ pushedAt }) => pushedAt >= since)
      .sort((a, b) => a.pushedAt.getTime() - b.pushedAt.getTime());
  }

  async repositories(registry: string, signal?: AbortSignal): Promise<string[]> {
    await this.answer(signal);
    const isThere = ({ repository }: ImageRepository): boolean =>
      this.tags.has(canonicalRepository({ registry, repository }));
    return [...new Set([...this.names.values()].filter(isThere).map(({ repository }) => repository))];
  }

  private async answer(signal: AbortSignal | undefined): Promise<void> {
    await Promise.resolve();
    signal?.throwIfAborted();
    if (this.isDown) throw new RegistryError('The registry is down. It will be asked again.', { isTerminal: false });
  }
}
