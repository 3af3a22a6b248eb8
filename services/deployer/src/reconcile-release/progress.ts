import { ChartInUse } from '@shipit/contracts';
import { z } from 'zod';

export const revisionKinds = ['install', 'upgrade', 'rollback'] as const;
export type RevisionKind = (typeof revisionKinds)[number];

export const Failure = z.object({
  reason: z.string(),
  message: z.string(),
  /** kind/name of what failed. */
  object: z.string().optional(),
  imageAtFault: z.boolean().default(false),
});
export type Failure = z.infer<typeof Failure>;

const HookRun = z.object({ uid: z.string(), startedAt: z.string() });
const EndedHook = z.object({
  kind: z.string(),
  name: z.string(),
  run: z.object({ startedAt: z.string(), completedAt: z.string(), phase: z.enum(['Succeeded', 'Failed']) }),
});
export type EndedHook = z.infer<typeof EndedHook>;

/**
 * How far a revision has come and what it came from. Stands as an annotation on the revision's release record, so that
 * whoever makes the next pass, after a restart or on another replica, goes on where this one stopped.
 */
export const Progress = z.object({
  kind: z.enum(revisionKinds),
  /** `namespace/name` of the HelmRelease that made it. */
  release: z.string().optional(),
  /** Digest of everything it was rendered from. */
  inputs: z.string(),
  commit: z.string(),
  deployId: z.string().optional(),
  pushId: z.string().optional(),
  actor: z.string().default(''),
  rollbackOf: z.string().optional(),
  chart: ChartInUse,
  /** Names the chart as the release asks for it: while it is the same, its digest need not be looked up. */
  chartKey: z.string(),
  images: z.array(z.string()).default([]),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  step: z.enum(['before', 'apply', 'rollout', 'after', 'done', 'before-delete', 'delete', 'after-delete']),
  stepStartedAt: z.string(),
  /** The place of the current hook among those of the step, and its run once it exists. */
  hook: z.int().default(0),
  hookRun: HookRun.optional(),
  /** The last run of each hook that ended, for the record. */
  endedHooks: z.array(EndedHook).optional(),
  /** A hook that ended and is still to be deleted. */
  cleaning: z.int().optional(),
  /** uid and generation of each object of the manifest as our apply returned them: older states of them tell nothing. */
  applied: z.array(z.tuple([z.string(), z.int()])).optional(),
  /** Earlier revisions whose objects could not be looked through, as their records cannot be read. */
  notPruned: z.array(z.int()).optional(),
  failure: Failure.optional(),
  /** A newer revision took its place before it was ready. */
  isOvertaken: z.boolean().optional(),
});
export type Progress = z.infer<typeof Progress>;

export const progressAnnotation = 'shipit.dev/progress';

export function readProgress(text: string | undefined): Progress | undefined {
  if (text === undefined) return undefined;
  try {
    return Progress.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
