import type { Progress } from './progress.js';

export type RecordStatus =
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback'
  | 'deployed'
  | 'failed'
  | 'superseded'
  | 'uninstalling'
  | 'uninstalled'
  | 'unknown';

/** What one pass sees of a release. */
export interface Observed {
  /** The object is being deleted; whether git still declares the release. */
  deletion?: 'declared' | 'gone' | 'unknown' | undefined;
  isSuspended: boolean;
  /** The commit the object bears. */
  commit: string;
  isRollback: boolean;
  /** Undefined: cannot be known at the moment. */
  inputs: string | undefined;
  /** The newest release record. */
  newest?:
    | {
        status: RecordStatus;
        /** Absent: Helm wrote it, not Ship-it. */
        progress?: Pick<Progress, 'inputs' | 'commit' | 'step' | 'hookRun' | 'failure'> | undefined;
        /** Helm has been at work on it for longer than the release's timeout. */
        isStale?: boolean;
      }
    | undefined;
  /** The last attempt failed before a revision was begun. */
  refused?: { inputs: string; commit: string } | undefined;
}

export type Action =
  /** Nothing to do but to say how it stands. */
  | 'report'
  | 'suspend'
  /** The object goes, what it runs stays: git still declares it and it will come back. */
  | 'let-go'
  | 'wait-for-git'
  | 'uninstall'
  | 'wait-for-inputs'
  /** Somebody runs Helm on it. */
  | 'wait-for-helm'
  | 'run-hook'
  | 'apply'
  | 'observe'
  | 'install'
  | 'upgrade'
  | 'roll-back';

/** One state, one next action. Pure, so that every case is one row of a table test. */
export function decideAction(observed: Observed): Action {
  const { deletion, isSuspended, newest } = observed;
  if (isHookRunning(newest) && !isSuspended) return 'run-hook';
  if (deletion !== undefined) return decideDeletion(deletion);
  if (isSuspended) return 'suspend';
  if (observed.inputs === undefined) return 'wait-for-inputs';
  if (isHelmAtWork(newest)) return 'wait-for-helm';
  if (!newest || isUninstalled(newest)) return wasRefused(observed) ? 'report' : 'install';
  return decideRevision(observed, newest);
}

function isHookRunning(newest: Observed['newest']): boolean {
  return newest?.progress?.hookRun !== undefined && isPending(newest.status);
}

function isHelmAtWork(newest: Observed['newest']): boolean {
  return newest !== undefined && !newest.progress && isUnfinished(newest.status) && !newest.isStale;
}

/** By Helm, or by Helm that was killed at it. What Ship-it uninstalls it ends itself. */
function isUninstalled({ status, progress }: NonNullable<Observed['newest']>): boolean {
  return status === 'uninstalled' || (status === 'uninstalling' && !progress);
}

function decideRevision(observed: Observed, newest: NonNullable<Observed['newest']>): Action {
  return newest.progress?.inputs === observed.inputs ? goOn(observed, newest) : begin(observed);
}

function decideDeletion(deletion: 'declared' | 'gone' | 'unknown'): Action {
  if (deletion === 'declared') return 'let-go';
  return deletion === 'gone' ? 'uninstall' : 'wait-for-git';
}

function goOn(observed: Observed, newest: NonNullable<Observed['newest']>): Action {
  if (isPending(newest.status)) return nextStep(newest.progress?.step);
  if (newest.status === 'failed' && newest.progress?.commit !== observed.commit) return begin(observed);
  return newest.status === 'deployed' || newest.status === 'failed' ? 'report' : begin(observed);
}

function nextStep(step: Progress['step'] | undefined): Action {
  if (step === 'rollout') return 'observe';
  return step === 'apply' ? 'apply' : 'run-hook';
}

function begin(observed: Observed): Action {
  if (wasRefused(observed)) return 'report';
  return observed.isRollback ? 'roll-back' : 'upgrade';
}

/** What was refused is tried again when anything about it is new. */
function wasRefused({ refused, inputs, commit }: Observed): boolean {
  return refused !== undefined && refused.inputs === inputs && refused.commit === commit;
}

/** Whoever wrote this status has not ended yet. */
export function isUnfinished(status: RecordStatus): boolean {
  return isPending(status) || status === 'uninstalling';
}

export function isPending(status: RecordStatus): boolean {
  return status.startsWith('pending-');
}
