import { Injectable } from '@nestjs/common';
import type { ImagePushed } from '@shipit/contracts';
import { EventBus } from '@shipit/messaging';
import { crashPoint, type Metrics } from '@shipit/platform';
import { Registry } from '@shipit/registries';
import { BranchWriter } from '../publish-edits/branch-writer.js';
import { FoldWindow, type FoldWindowOptions } from '../publish-edits/fold-window.js';
import { deployEvents } from './deploy-events.js';
import { planDeploys, type PushOutcome } from './plan-deploys.js';

export interface ImageCommitsSettings extends FoldWindowOptions {
  /** Aborted when the process stops. */
  signal: AbortSignal;
  metrics: Metrics;
}

/** Folds pushes that come close together into one commit and tells what became of each. */
@Injectable()
export class ImageCommits {
  private readonly window: FoldWindow<ImagePushed, PushOutcome>;

  constructor(
    private readonly writer: BranchWriter,
    private readonly registry: Registry,
    private readonly events: EventBus,
    private readonly settings: ImageCommitsSettings,
  ) {
    this.window = new FoldWindow(settings, (pushes) => this.commit(pushes));
  }

  /** Resolves when what is to be committed for the push is on the branch and everything about it was announced. */
  add(push: ImagePushed): Promise<PushOutcome> {
    return this.window.add(push);
  }

  private async commit(pushes: readonly ImagePushed[]): Promise<PushOutcome[]> {
    const { clock, signal } = this.settings;
    const { outcome, commit, tip } = await this.writer.write(
      (branch) => planDeploys(pushes, branch, { registry: this.registry, now: clock.now() }),
      signal,
    );
    await this.events.publish(...deployEvents(pushes, outcome, { commit, tip, at: clock.now() }));
    crashPoint('committer.after-announcement');
    this.measure(pushes, outcome);
    return outcome;
  }

  private measure(pushes: readonly ImagePushed[], outcomes: readonly PushOutcome[]): void {
    const { clock, metrics } = this.settings;
    const seconds = metrics.histogram('shipit_push_to_commit_seconds', 'From the push of a tag to its commit', []);
    for (const [at, outcome] of outcomes.entries()) {
      const pushedAt = pushes[at]?.data.pushedAt;
      const isCommitted = outcome.ok && outcome.releases.some(({ kind }) => kind === 'committed');
      if (isCommitted && pushedAt) seconds.observe((clock.now().getTime() - Date.parse(pushedAt)) / 1000);
    }
  }
}
