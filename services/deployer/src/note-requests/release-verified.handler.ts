import { Injectable } from '@nestjs/common';
import { type HelmRelease, ReleaseVerified } from '@shipit/contracts';
import { MessageHandler } from '@shipit/messaging';
import { type StatusNote, StatusNotes } from './status-notes.js';

/** The revision was quiet for its watch window: it is the one that a monitor's rollback returns to. */
@Injectable()
export class ReleaseVerifiedHandler extends MessageHandler<typeof ReleaseVerified> {
  readonly schema = ReleaseVerified;

  constructor(private readonly notes: StatusNotes) {
    super();
  }

  async handle({ data, time }: ReleaseVerified): Promise<void> {
    await this.notes.write(data.release, (release) => noteVerified(release, data, time));
  }
}

export function noteVerified(
  { status, metadata }: HelmRelease,
  verified: ReleaseVerified['data'],
  at: string,
): StatusNote | undefined {
  const { revision, commit, reason, message } = verified;
  if (!status || revision === undefined || status.revision !== revision || status.lastVerified?.revision === revision)
    return undefined;
  const { inputs } = status;
  const condition = {
    type: 'Verified',
    status: 'True' as const,
    reason: reason || 'Verified',
    message,
    lastTransitionTime: at,
    ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
  };
  return {
    status: {
      ...status,
      lastVerified: { revision, commit, ...(inputs === undefined ? {} : { inputs }) },
      conditions: [...status.conditions.filter(({ type }) => type !== 'Verified'), condition],
    },
  };
}
