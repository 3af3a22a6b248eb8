import { Injectable } from '@nestjs/common';
import { ReleaseCommitted } from '@shipit/contracts';
import { MessageHandler } from '@shipit/messaging';
import { SyncLoop } from './sync-loop.js';

/** A commit is on the branch: what it says comes to the cluster now and not at the next poll. */
@Injectable()
export class ReleaseCommittedHandler extends MessageHandler<typeof ReleaseCommitted> {
  readonly schema = ReleaseCommitted;

  constructor(private readonly loop: SyncLoop) {
    super();
  }

  async handle(_: ReleaseCommitted): Promise<void> {
    await this.loop.request();
  }
}
