import { idOf, type ImagePushed, type ShipitEvent } from '@shipit/contracts';
import type { DeployTrailer } from '@shipit/releases';
import type { DeployOutcome, PushOutcome } from './plan-deploys.js';

export interface Announcement {
  /** The new commit, where one was made. */
  commit: string | undefined;
  /** The tip that was decided on. */
  tip: string;
  at: Date;
}

/**
 * What is told about a window of pushes. Ids follow from what happened, so telling it again after a crash is told once.
 * One `release.committed` for each release and commit, whatever number of images it changed.
 */
export function deployEvents(
  pushes: readonly ImagePushed[],
  outcomes: readonly PushOutcome[],
  announcement: Announcement,
): ShipitEvent[] {
  const events = new Map<string, ShipitEvent>();
  for (const [at, push] of pushes.entries()) {
    const outcome = outcomes[at];
    if (!outcome?.ok) continue;
    for (const release of outcome.releases) {
      const event = eventOf(push, release, announcement);
      if (!event) continue;
      const before = events.get(event.id);
      events.set(event.id, before ? withBothChanges(before, event) : event);
    }
  }
  return [...events.values()];
}

function eventOf(push: ImagePushed, outcome: DeployOutcome, announcement: Announcement): ShipitEvent | undefined {
  if (outcome.kind === 'candidate') return candidateEvent(push, outcome, announcement);
  const commit = outcome.kind === 'known' ? outcome.commit : announcement.commit;
  if (commit === undefined) return undefined;
  const { release, path, deploy, actor } = outcome;
  return {
    ...envelope(push, { id: idOf('release.committed', release, commit), subject: release, at: announcement.at }),
    deployid: deploy.id,
    type: 'release.committed',
    data: {
      release,
      commit,
      path,
      actor,
      changes: [{ image: deploy.repository, from: deploy.from, to: deploy.tag }],
      message: describeDeploy(deploy),
      ...(isAskedFor(push, deploy) ? { requestId: push.pushid } : {}),
    },
  };
}

function candidateEvent(
  push: ImagePushed,
  { release, deployId, reason, message }: DeployOutcome & { kind: 'candidate' },
  { tip, at }: Announcement,
): ShipitEvent {
  const { image, pushedAt } = push.data;
  const subject = release ?? push.subject;
  return {
    ...envelope(push, { id: idOf('release.candidate', subject, deployId ?? push.id, reason, message), subject, at }),
    ...(deployId === undefined ? {} : { deployid: deployId }),
    type: 'release.candidate',
    data: {
      ...(release === undefined ? {} : { release }),
      image,
      pushedAt,
      reason,
      message: message.slice(0, 2000),
      commit: tip,
    },
  };
}

function withBothChanges(one: ShipitEvent, other: ShipitEvent): ShipitEvent {
  if (one.type !== 'release.committed' || other.type !== 'release.committed') return one;
  const isNew = other.data.changes.filter(({ image }) => one.data.changes.every((change) => change.image !== image));
  return { ...one, data: { ...one.data, changes: [...one.data.changes, ...isNew] } };
}

/** The push of a resume or an unlock answers the request whose id it bears. */
function isAskedFor(push: ImagePushed, deploy: DeployTrailer): push is ImagePushed & { pushid: string } {
  return push.data.origin === 'resume' && push.pushid !== undefined && push.deployid === deploy.id;
}

function describeDeploy({ release, from, tag }: DeployTrailer): string {
  return `${release}: ${from || 'no tag'} → ${tag}`;
}

function envelope(push: ImagePushed, { id, subject, at }: { id: string; subject: string; at: Date }) {
  const { traceparent, pushid } = push;
  return {
    specversion: '1.0' as const,
    id,
    source: 'repo-committer',
    subject,
    time: at.toISOString(),
    ...(traceparent === undefined ? {} : { traceparent }),
    ...(pushid === undefined ? {} : { pushid }),
  };
}
