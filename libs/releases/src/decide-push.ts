import type { DecisionReason, PushedImage } from '@shipit/contracts';
import type { TaggedImage, TagPolicy } from '@shipit/images';
import type { ReleaseLock } from './locks.js';

export interface PushToDecide {
  release: string;
  pushed: PushedImage & { pushedAt: Date | string | undefined };
  /** What stands in the release's file now, one for each place of this repository. Empty: not used here. */
  current: readonly (TaggedImage & {
    /** The registry has no such tag any more: whatever is pushed now is newer. */
    isGone?: boolean;
  })[];
  autodeploy: boolean;
  /** Absent: the annotation cannot be read. */
  tagPolicy: TagPolicy | undefined;
  isSuspended: boolean;
  /** Absent: locks.yaml cannot be read, so nothing is committed automatically. */
  lock: ReleaseLock | undefined;
}

export interface PushDecision {
  action: 'commit' | 'none';
  reason: DecisionReason;
  /** One sentence for the feed, `explain` and the API. */
  message: string;
}

/** Whether a pushed image goes into a release's file. The one table: what is told to people comes from here. */
export function decidePush(push: PushToDecide): PushDecision {
  return { action: 'none', reason: 'order unknown', message: push.release };
}
