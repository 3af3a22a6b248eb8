import { z } from 'zod';
import { RollbackCause } from '../helm-release.js';
import { ReleaseKey } from '../name.js';
import { eventSchema } from './envelope.js';

const Reason = z.string().trim().min(1).max(500);

/** Asks the committer to restore a release's spec. Superseded where the document at the tip is no longer the judged commit's. */
export const RollbackRequested = eventSchema(
  'rollback.requested',
  z.object({
    release: ReleaseKey,
    /** The judged commit: the one whose document is to be undone. */
    of: z.string(),
    /** The commit of the revision to return to: last good, or last verified where a monitor is the cause. */
    to: z.string(),
    cause: RollbackCause,
    by: z.enum(['watcher', 'person']),
    actor: z.string().max(200),
    /** The deployment that is judged; absent where a commit by a person brought it. */
    judgedDeployId: z.string().optional(),
    /** Images that the judged deployment brought, as repository:tag@digest. */
    images: z.array(z.string()).default([]),
    then: z.enum(['next-image', 'hold']).default('next-image'),
  }),
);
export type RollbackRequested = z.infer<typeof RollbackRequested>;

/** The end of a request (for a rollback, a lock, …) that led to no commit, and why. `of` is the commit it was decided on where nothing is judged. */
export const RollbackRefused = eventSchema(
  'rollback.refused',
  z.object({
    release: ReleaseKey,
    of: z.string(),
    requestId: z.string(),
    reason: z.enum(['superseded', 'nothing to restore', 'nothing to change', 'cannot be edited']),
    message: z.string().max(2000),
  }),
);
export type RollbackRefused = z.infer<typeof RollbackRefused>;

/** Asks the committer to lift a hold and the blocks of a release, then to look for the newest allowed image. */
export const ResumeRequested = eventSchema(
  'resume.requested',
  z.object({ release: ReleaseKey, actor: z.string().max(200), reason: Reason }),
);
export type ResumeRequested = z.infer<typeof ResumeRequested>;

export const LockRequested = eventSchema(
  'lock.requested',
  z.object({ release: ReleaseKey, actor: z.string().max(200), reason: Reason }),
);
export type LockRequested = z.infer<typeof LockRequested>;
export const UnlockRequested = eventSchema(
  'unlock.requested',
  z.object({ release: ReleaseKey, actor: z.string().max(200), reason: Reason }),
);
export type UnlockRequested = z.infer<typeof UnlockRequested>;
