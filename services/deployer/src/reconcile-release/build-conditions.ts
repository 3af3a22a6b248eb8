import type { Condition, HelmRelease, HelmReleaseStatus, ReleaseState } from '@shipit/contracts';
import type { Outcome } from './outcome.js';

export interface ConditionInput {
  status: HelmReleaseStatus;
  before: HelmReleaseStatus | undefined;
  outcome: Outcome;
  release: HelmRelease;
  now: Date;
}

type Claim = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

const underWay: ReadonlySet<ReleaseState> = new Set(['Pending', 'Deploying', 'RollingBack', 'Deleting']);

/**
 * The state in the words of Kubernetes. `Reconciling` and `Stalled` stand only where they are true, as kstatus reads them;
 * times change only with the status.
 */
export function conditionsOf(input: ConditionInput): Condition[] {
  const { status, before, release, now } = input;
  const kept = (before?.conditions ?? []).filter(
    ({ type }) => type === 'Verified' || type === 'Locked' || type === 'Drifted',
  );
  const claims = [...readiness(input), ...health(input), ...pruning(input), ...suspension(input)];
  const conditions = claims.map((claim): Condition => {
    const known = before?.conditions.find(({ type }) => type === claim.type);
    const { generation } = release.metadata;
    return {
      ...claim,
      reason: claim.reason || 'Unknown',
      lastTransitionTime: known?.status === claim.status ? known.lastTransitionTime : now.toISOString(),
      ...(generation === undefined ? {} : { observedGeneration: generation }),
    };
  });
  const isVerified = status.lastVerified !== undefined && status.lastVerified.revision === status.revision;
  return [...conditions, ...kept.filter(({ type }) => type !== 'Verified' || isVerified)];
}

function readiness({ status, outcome }: ConditionInput): Claim[] {
  const { state, reason, message } = status;
  const claims: Claim[] = [{ type: 'Ready', ...readyOf(state, outcome), reason, message }];
  if (underWay.has(state) && !outcome.isSuspended)
    claims.push({ type: 'Reconciling', status: 'True', reason, message });
  if (state === 'Failed') claims.push({ type: 'Stalled', status: 'True', reason, message });
  return [...claims, ...released(outcome, status)];
}

function readyOf(state: ReleaseState, { isHealthy }: Outcome): Pick<Claim, 'status'> {
  if (state === 'Deployed' || state === 'RolledBack') return { status: isHealthy === false ? 'False' : 'True' };
  return { status: state === 'Failed' || state === 'Deleting' ? 'False' : 'Unknown' };
}

function released({ head, refusedInputs }: Outcome, { reason, message }: HelmReleaseStatus): Claim[] {
  if (refusedInputs !== undefined) return [{ type: 'Released', status: 'False', reason, message }];
  if (!head?.progress) return [];
  const { version, progress } = head;
  const isApplied = progress.applied !== undefined;
  const text = isApplied ? `Revision ${version} is applied` : `Revision ${version} is being applied`;
  return [
    {
      type: 'Released',
      status: isApplied ? 'True' : 'Unknown',
      reason: isApplied ? 'Applied' : 'Applying',
      message: text,
    },
  ];
}

function health({ outcome, before }: ConditionInput): Claim[] {
  const { isHealthy, healthMessage = '' } = outcome;
  if (isHealthy === undefined) return (before?.conditions ?? []).filter(({ type }) => type === 'Healthy');
  const reason = isHealthy ? 'AllCurrent' : 'NotCurrent';
  return [{ type: 'Healthy', status: isHealthy ? 'True' : 'False', reason, message: healthMessage }];
}

/** Stands only where something may have been left behind. */
function pruning({ outcome: { head } }: ConditionInput): Claim[] {
  const { notPruned = [] } = head?.progress ?? {};
  if (notPruned.length === 0) return [];
  const records = notPruned.map((version) => `sh.helm.release.v1.${head?.record.name}.v${version}`).join(', ');
  const message = `What only revision ${notPruned.join(', ')} brought may still be there: the release record cannot be read. Restore Secret ${records}, or delete by hand what it left and then the Secret; the next revision looks again`;
  return [{ type: 'Pruned', status: 'False', reason: 'RecordUnreadable', message }];
}

function suspension({ outcome }: ConditionInput): Claim[] {
  if (!outcome.isSuspended) return [];
  return [
    {
      type: 'Suspended',
      status: 'True',
      reason: 'Suspended',
      message: 'spec.suspend is true: nothing is done until it is false',
    },
  ];
}
