import type { ImageReference } from '@shipit/contracts';
import { canonicalRepository } from '@shipit/images';
import type { CommitTrailers } from './commit-trailers.js';
import type { CurrentImage } from './decide-push.js';

/** Whoever can say what a tag stands for, and since when; undefined where there is no such tag. */
export interface TagLookup {
  describe(image: {
    registry: string;
    repository: string;
    tag: string;
  }): Promise<{ digest: string; pushedAt: Date } | undefined>;
}

/**
 * When the tags that stand in files were pushed: from the Deploy trailers that brought them, else by looking the tag up.
 * Asks for each tag once. Commits come newest first.
 */
export class TagTimes {
  private readonly pushed = new Map<string, string>();
  private readonly asked = new Map<string, Promise<CurrentImage>>();

  constructor(
    private readonly lookup: TagLookup,
    commits: readonly { trailers: CommitTrailers }[],
  ) {
    for (const { trailers } of [...commits].reverse()) {
      for (const deploy of trailers.deploys) {
        if (deploy.pushed) this.pushed.set(keyOf(deploy.repository, deploy.tag, deploy.digest), deploy.pushed);
      }
    }
  }

  /** Notes what a push just told. */
  learn(image: ImageReference & { tag: string; digest: string }, pushedAt: string): void {
    this.pushed.set(keyOf(canonicalRepository(image), image.tag, image.digest), pushedAt);
  }

  async of({ registry, repository, tag, digest }: ImageReference): Promise<CurrentImage> {
    const name = canonicalRepository({ registry, repository });
    const known = tag === undefined ? undefined : this.find(name, tag, digest);
    if (known !== undefined || tag === undefined) return { tag, digest, pushedAt: known };
    const key = keyOf(name, tag, digest);
    const answer = this.asked.get(key) ?? this.ask({ registry, repository, tag }, digest);
    this.asked.set(key, answer);
    return answer;
  }

  private find(repository: string, tag: string, digest: string | undefined): string | undefined {
    if (digest !== undefined) return this.pushed.get(keyOf(repository, tag, digest));
    const prefix = keyOf(repository, tag, '');
    const times = [...this.pushed].filter(([key]) => key.startsWith(prefix)).map(([, time]) => time);
    return times.length > 0 ? times.sort((a, b) => Date.parse(b) - Date.parse(a))[0] : undefined;
  }

  /** Where the tag has moved away from the digest, whatever it points to now came later: any time before that says so. */
  private async ask(
    image: { registry: string; repository: string; tag: string },
    digest: string | undefined,
  ): Promise<CurrentImage> {
    const found = await this.lookup.describe(image);
    if (!found) return { tag: image.tag, digest, isGone: true };
    const hasMoved = digest !== undefined && found.digest !== digest;
    return { tag: image.tag, digest, pushedAt: hasMoved ? new Date(0) : found.pushedAt };
  }
}

function keyOf(repository: string, tag: string, digest: string | undefined): string {
  return `${repository} ${tag} ${digest ?? ''}`;
}
