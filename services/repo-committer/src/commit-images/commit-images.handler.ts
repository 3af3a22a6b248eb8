import { Injectable } from '@nestjs/common';
import { ImagePushed } from '@shipit/contracts';
import { type MessageContext, MessageHandler } from '@shipit/messaging';
import { ImageCommits } from './image-commits.js';

/**
 * Brings a pushed image to the releases that use it.
 *
 * The message is done when its commit is on the branch, or when it was told why there is none. Which releases use the image,
 * and whether they may have it, is read from the branch's tip each time; what was done before is read from history.
 */
@Injectable()
export class CommitImagesHandler extends MessageHandler<typeof ImagePushed> {
  readonly schema = ImagePushed;

  constructor(private readonly commits: ImageCommits) {
    super();
  }

  async handle(push: ImagePushed, { log, signal }: MessageContext): Promise<void> {
    signal.throwIfAborted();
    const outcome = await this.commits.add(push);
    if (!outcome.ok) throw outcome.error;
    for (const release of outcome.releases) {
      const { kind, release: name } = release;
      log.info({ release: name, kind, ...(kind === 'candidate' ? { reason: release.reason } : {}) }, 'push decided');
    }
  }
}
