import { z } from 'zod';
import * as image from './image-events.js';
import * as release from './release-events.js';
import * as request from './request-events.js';

/** Every message there is. */
export const ShipitEvent = z.discriminatedUnion('type', [
  image.ImagePushed,
  image.ImageIgnored,
  image.ReleaseCandidate,
  release.ReleaseCommitted,
  release.ReleaseDeploying,
  release.ReleaseDeployed,
  release.ReleaseFailed,
  release.ReleaseRollingBack,
  release.ReleaseRolledBack,
  release.ReleaseDeleting,
  release.ReleaseDeleted,
  release.ReleaseVerified,
  release.ReleaseProblem,
  request.RollbackRequested,
  request.RollbackRefused,
  request.ResumeRequested,
  request.LockRequested,
  request.UnlockRequested,
]);
export type ShipitEvent = z.infer<typeof ShipitEvent>;
export type EventType = ShipitEvent['type'];

/** The services that have a queue. A queue bears its service's name. */
export const queues = ['repo-committer', 'deployer', 'rollback-watcher', 'notifier'] as const;
export type QueueName = (typeof queues)[number];

/** Which queues an event goes to. Every event is kept in the event log besides. A service must handle each type that is routed to it, once. */
export const routes: Readonly<Record<EventType, readonly QueueName[]>> = {
  'image.pushed': ['repo-committer', 'notifier'],
  'image.ignored': ['notifier'],
  'release.candidate': ['notifier'],
  'release.committed': ['deployer', 'notifier'],
  'release.deploying': ['notifier'],
  'release.deployed': ['notifier'],
  'release.failed': ['rollback-watcher', 'notifier'],
  'release.rolling-back': ['notifier'],
  'release.rolled-back': ['notifier'],
  'release.deleting': ['notifier'],
  'release.deleted': ['notifier'],
  'release.verified': ['deployer', 'notifier'],
  'release.problem': ['notifier'],
  'rollback.requested': ['repo-committer', 'deployer', 'notifier'],
  'rollback.refused': ['deployer', 'notifier'],
  'resume.requested': ['repo-committer', 'notifier'],
  'lock.requested': ['repo-committer', 'notifier'],
  'unlock.requested': ['repo-committer', 'notifier'],
};
