import { Injectable } from '@nestjs/common';
import { Cluster } from '@shipit/clusters';
import { HelmRelease, helmReleaseApiVersion, ReleaseFailed, splitReleaseKey } from '@shipit/contracts';
import { type MessageContext, MessageHandler } from '@shipit/messaging';
import { Clock } from '@shipit/platform';
import { JudgeReleases } from './judge-releases.js';

const pollMs = 50;
const limitMs = 5_000;

/**
 * A release failed: judge now instead of at the next round.
 *
 * The failure is announced before it is recorded, so the record is waited for; where it does not come, the next round finds it.
 */
@Injectable()
export class ReleaseFailedHandler extends MessageHandler<typeof ReleaseFailed> {
  readonly schema = ReleaseFailed;

  constructor(
    private readonly cluster: Cluster,
    private readonly clock: Clock,
    private readonly judge: JudgeReleases,
  ) {
    super();
  }

  async handle({ data }: ReleaseFailed, { signal }: MessageContext): Promise<void> {
    const end = this.clock.now().getTime() + limitMs;
    while (!(await this.isRecorded(data)) && this.clock.now().getTime() < end) await this.clock.sleep(pollMs, signal);
    await this.judge.judgeAll();
  }

  private async isRecorded({ release, revision = 0, commit }: ReleaseFailed['data']): Promise<boolean> {
    const object = await this.cluster.read({
      apiVersion: helmReleaseApiVersion,
      kind: 'HelmRelease',
      ...splitReleaseKey(release),
    });
    const status = HelmRelease.safeParse(object).data?.status;
    if (!object || !status) return !object;
    return (status.revision ?? 0) > revision || status.commit !== commit || status.state !== 'Deploying';
  }
}
