import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Log, Shutdown } from '@shipit/platform';
import { BranchWriter } from '../publish-edits/branch-writer.js';

/** Clones and indexes the branch at start, so that the first push does not wait for it. */
@Injectable()
export class WarmUp implements OnApplicationBootstrap {
  constructor(
    private readonly writer: BranchWriter,
    private readonly shutdown: Shutdown,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    this.writer
      .write(async (branch) => ({ outcome: (await branch.commits(new Date())).length }), this.shutdown.signal)
      .then(({ outcome, tip }) => this.log.info({ tip, commits: outcome }, 'branch read'))
      .catch((err: unknown) => this.log.warn({ err }, 'branch could not be read, the next message tries again'));
  }
}
