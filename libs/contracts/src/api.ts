import { z } from 'zod';
import { DecisionReason } from './events/image-events.js';
import { ChartInUse, Condition, HistoryEntry, ReleaseState, RollbackCause } from './helm-release.js';
import { ReleaseKey } from './name.js';

/** Roles, each including those before it. */
export const roles = ['viewer', 'deployer', 'admin'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** RFC 9457, with a stable `code`. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string(),
  instance: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().optional() });
}

/** One release in a list. */
export const ReleaseSummary = z.object({
  release: ReleaseKey,
  namespace: z.string(),
  name: z.string(),
  cluster: z.string(),
  squad: z.string().optional(),
  state: ReleaseState,
  reason: z.string(),
  message: z.string(),
  chart: z.string(),
  images: z.array(z.string()),
  revision: z.int().optional(),
  commit: z.string().optional(),
  by: z.string().optional(),
  since: z.string().optional(),
  isAutodeployed: z.boolean(),
  isSuspended: z.boolean(),
});
export type ReleaseSummary = z.infer<typeof ReleaseSummary>;

export const ReleaseLinks = z.object({
  code: z.string().optional(),
  dashboard: z.string().optional(),
  logs: z.string().optional(),
  slack: z.string().optional(),
});

export const ReleaseDetail = ReleaseSummary.extend({
  releaseName: z.string(),
  targetNamespace: z.string(),
  imageTags: z.string(),
  links: ReleaseLinks,
  path: z.string().optional(),
  chartInUse: ChartInUse.optional(),
  conditions: z.array(Condition),
  deployId: z.string().optional(),
  pushId: z.string().optional(),
  startedAt: z.string().optional(),
  lastDeployedAt: z.string().optional(),
  lastGood: z.object({ revision: z.int(), commit: z.string() }).optional(),
  rollback: z
    .object({
      of: z.string(),
      to: z.string().optional(),
      cause: RollbackCause,
      by: z.string(),
      at: z.string(),
      state: z.string(),
    })
    .optional(),
  automaticRollback: z.boolean(),
});
export type ReleaseDetail = z.infer<typeof ReleaseDetail>;

export const ReleaseHistory = listOf(HistoryEntry);
export type ReleaseHistory = z.infer<typeof ReleaseHistory>;

/** A live object of a release, with its health. */
export const ReleaseResource = z.object({
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
  health: z.enum(['Current', 'InProgress', 'Failed', 'Terminating', 'Unknown', 'NotFound']),
  message: z.string(),
  since: z.string().optional(),
  /** Pods of a workload stand below it. */
  owner: z.string().optional(),
});
export type ReleaseResource = z.infer<typeof ReleaseResource>;

/** Why a release is as it is: one step of its way from a push to now. */
export const ExplainStep = z.object({
  step: z.enum(['push', 'decision', 'commit', 'sync', 'deploy', 'health', 'rollback', 'watch']),
  outcome: z.enum(['done', 'running', 'waiting', 'failed', 'skipped', 'unknown']),
  title: z.string(),
  detail: z.string(),
  at: z.string().optional(),
  commit: z.string().optional(),
  reason: DecisionReason.or(z.string()).optional(),
});
export type ExplainStep = z.infer<typeof ExplainStep>;

export const Explanation = z.object({
  release: ReleaseKey,
  state: ReleaseState,
  summary: z.string(),
  steps: z.array(ExplainStep),
  /** Newer pushes in the registry's eyes that are not deployed, with the reason. */
  candidates: z.array(
    z.object({ image: z.string(), pushedAt: z.string(), reason: DecisionReason, message: z.string() }),
  ),
});
export type Explanation = z.infer<typeof Explanation>;

const Reason = z.string().trim().min(1, 'a reason is needed: people will ask').max(500);
export const RollbackBody = z.strictObject({
  reason: Reason,
  to: z
    .string()
    .regex(/^[0-9a-f]{7,64}$/)
    .optional()
    .describe('The commit to return to; default: the last good revision before this one'),
});
export type RollbackBody = z.infer<typeof RollbackBody>;
export const ReasonBody = z.strictObject({ reason: Reason });
export type ReasonBody = z.infer<typeof ReasonBody>;

/** The answer to a request by a person: 202 once its commit is on the branch or an object in the cluster holds it. */
export const Accepted = z.object({
  requestId: z.string(),
  release: ReleaseKey,
  commit: z.string().optional(),
  message: z.string(),
});
export type Accepted = z.infer<typeof Accepted>;
