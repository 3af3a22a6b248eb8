import { idOf, type ShipitEvent } from '@shipit/contracts';

/** Somebody took commits off the branch. That is theirs to do; it is told because deployments may be among them. */
export function forcePushedEvent({ tip, gone, at }: { tip: string; gone: string; at: Date }): ShipitEvent {
  return {
    specversion: '1.0',
    id: idOf('release.problem', 'force-push', gone, tip),
    source: 'repo-committer',
    subject: tip,
    time: at.toISOString(),
    type: 'release.problem',
    data: {
      commit: tip,
      code: 'SHIPIT_GIT_FORCE_PUSHED',
      message: `The branch was force-pushed: ${gone.slice(0, 12)} is no longer part of it. What it deployed is decided by ${tip.slice(0, 12)} now.`,
    },
  };
}
