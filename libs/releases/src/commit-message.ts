import type { RollbackCause } from '@shipit/contracts';

/** What one Deploy trailer says: enough to know, from history alone, which push came to which release. */
export interface DeployTrailer {
  /** `namespace/name`. */
  release: string;
  /** Registry and repository. */
  repository: string;
  tag: string;
  digest: string | undefined;
  from: string;
  /** When the tag was pushed, ISO 8601. */
  pushed: string | undefined;
  id: string;
  push: string | undefined;
}

export interface RollbackTrailer {
  release: string;
  of: string;
  to: string;
  id: string;
}

export type RequestKind = 'Lock' | 'Unlock' | 'Hold' | 'Resume' | 'Suspend';

export interface RequestTrailer {
  kind: RequestKind;
  release: string;
  id: string;
}

export interface CommitTrailers {
  deploys: DeployTrailer[];
  rollbacks: RollbackTrailer[];
  rollbackCause: string | undefined;
  requests: RequestTrailer[];
  allowRemoval: number | undefined;
  traceIds: string[];
  actor: string | undefined;
}

export function formatDeployCommit(commit: {
  deploys: readonly [DeployTrailer, ...DeployTrailer[]];
  traceIds: readonly string[];
  actor: string;
}): string {
  return commit.actor;
}

export function formatRollbackCommit(
  commit: RollbackTrailer & { cause: RollbackCause; actor: string; traceIds: readonly string[] },
): string {
  return commit.actor;
}

export function formatRequestCommit(
  commit: RequestTrailer & { reason: string; actor: string; traceIds: readonly string[] },
): string {
  return commit.actor;
}

/** What the last paragraph of a commit message says. Lines that are not understood are passed over. Never throws. */
export function parseTrailers(message: string): CommitTrailers {
  return {
    deploys: [],
    rollbacks: [],
    rollbackCause: message,
    requests: [],
    allowRemoval: undefined,
    traceIds: [],
    actor: undefined,
  };
}
