import { z } from 'zod';
import { ChartInUse, RollbackCause } from '../helm-release.js';
import { ReleaseKey } from '../name.js';
import { eventSchema } from './envelope.js';

const Commit = z.string().regex(/^[0-9a-f]{40,64}$/);

/** A commit that Ship-it made is on the branch. One event for each release it touches. */
export const ReleaseCommitted = eventSchema(
  'release.committed',
  z.object({
    release: ReleaseKey,
    commit: Commit,
    path: z.string(),
    actor: z.string(),
    changes: z.array(z.object({ image: z.string(), from: z.string(), to: z.string() })).default([]),
    rollback: z.object({ of: Commit, to: Commit, cause: RollbackCause }).optional(),
    message: z.string().default(''),
    /** Id of the request by a person or the watcher that this commit answers. */
    requestId: z.string().optional(),
  }),
);
export type ReleaseCommitted = z.infer<typeof ReleaseCommitted>;

/** Data of every event about a state that a release came to. */
export const ReleaseProgress = z.object({
  release: ReleaseKey,
  cluster: z.string(),
  squad: z.string().optional(),
  revision: z.int().optional(),
  commit: z.string(),
  chart: ChartInUse.optional(),
  images: z.array(z.string()).default([]),
  reason: z.string(),
  message: z.string(),
  actor: z.string().default(''),
  cause: RollbackCause.optional(),
});
export type ReleaseProgress = z.infer<typeof ReleaseProgress>;

export const ReleaseDeploying = eventSchema('release.deploying', ReleaseProgress);
export const ReleaseDeployed = eventSchema('release.deployed', ReleaseProgress);
export const ReleaseFailed = eventSchema('release.failed', ReleaseProgress);
export const ReleaseRollingBack = eventSchema('release.rolling-back', ReleaseProgress);
export const ReleaseRolledBack = eventSchema('release.rolled-back', ReleaseProgress);
export const ReleaseDeleting = eventSchema('release.deleting', ReleaseProgress);
export const ReleaseDeleted = eventSchema('release.deleted', ReleaseProgress);
export const ReleaseVerified = eventSchema('release.verified', ReleaseProgress);
export type ReleaseDeploying = z.infer<typeof ReleaseDeploying>;
export type ReleaseDeployed = z.infer<typeof ReleaseDeployed>;
export type ReleaseFailed = z.infer<typeof ReleaseFailed>;
export type ReleaseRollingBack = z.infer<typeof ReleaseRollingBack>;
export type ReleaseRolledBack = z.infer<typeof ReleaseRolledBack>;
export type ReleaseDeleting = z.infer<typeof ReleaseDeleting>;
export type ReleaseDeleted = z.infer<typeof ReleaseDeleted>;
export type ReleaseVerified = z.infer<typeof ReleaseVerified>;

/** Something of a sync or a request is not as it should be and somebody must look: an unreadable file, two files for one release, held rollbacks. */
export const ReleaseProblem = eventSchema(
  'release.problem',
  z.object({
    release: ReleaseKey.optional(),
    path: z.string().optional(),
    commit: z.string(),
    code: z.string(),
    message: z.string().max(2000),
  }),
);
export type ReleaseProblem = z.infer<typeof ReleaseProblem>;
