import { type HelmRelease, type HelmReleaseStatus, syncAnnotations } from '@shipit/contracts';
import { conditionsOf } from './build-conditions.js';
import { historyOf } from './build-history.js';
import type { Outcome, SeenRelease } from './outcome.js';
import type { RevisionHead } from './revision-store.js';

const emptyStatus: HelmReleaseStatus = {
  state: 'Pending',
  reason: '',
  message: '',
  conditions: [],
  images: [],
  attempt: 0,
  history: [],
};

/** The status that tells how a release stands after an action; everything that is not about that stays as it is. */
export function buildStatus(pass: SeenRelease, outcome: Outcome): HelmReleaseStatus {
  const { release, heads, now } = pass;
  const before = release.status;
  const { rollback: _, ...kept } = before ?? emptyStatus;
  const head = outcome.head ?? heads[0];
  const rollback = rollbackOf(release, head);
  const status: HelmReleaseStatus = {
    ...kept,
    ...identityOf(release, outcome, head),
    ...standing(release, outcome),
    ...(head?.progress ? { images: head.progress.images } : {}),
    ...(rollback ? { rollback } : {}),
    attempt: attemptOf(kept, outcome),
    history: historyOf(pass, outcome),
  };
  Object.assign(status, goodOf(status, head));
  return { ...status, conditions: conditionsOf({ status, before, outcome, release, now }) };
}

/** While a rollback was asked for and its commit is not there yet, that is what the release is about. */
function standing(
  release: HelmRelease,
  { state, reason, message }: Outcome,
): Pick<HelmReleaseStatus, 'state' | 'reason' | 'message'> {
  const { rollback } = release.status ?? {};
  const isEnded = state === 'Failed' || state === 'Deployed' || state === 'RolledBack';
  const isAwaited =
    isEnded && rollback?.state === 'requested' && rollback.of === annotationsOf(release)[syncAnnotations.commit];
  if (!isAwaited) return { state, reason, message: message.slice(0, 4000) };
  return { state: 'RollingBack', reason: 'RollbackRequested', message: `Goes back because ${rollback.cause.message}` };
}

/** Which generation, commit and revision the status speaks of. */
function identityOf(
  release: HelmRelease,
  outcome: Outcome,
  head: RevisionHead | undefined,
): Partial<HelmReleaseStatus> {
  const { generation } = release.metadata;
  const progress = head?.progress;
  const wanted = wantedBy(release);
  const { deployId, pushId, actor } = isOfRevision(outcome) && progress ? progress : wanted;
  const { commit = progress?.commit } = wanted;
  const inputs = outcome.refusedInputs ?? progress?.inputs;
  return {
    ...defined({ commit, deployId, pushId, actor, inputs, observedGeneration: generation, revision: head?.version }),
    ...(progress ? { chart: progress.chart, startedAt: progress.startedAt } : {}),
  };
}

/** What was not begun is the commit's; what was is the revision's, also after a commit that changed nothing that runs. */
function isOfRevision({ refusedInputs, state }: Outcome): boolean {
  return refusedInputs === undefined && state !== 'Pending';
}

function wantedBy(release: HelmRelease) {
  const annotations = annotationsOf(release);
  return {
    commit: annotations[syncAnnotations.commit],
    deployId: annotations[syncAnnotations.deployId],
    pushId: annotations[syncAnnotations.pushId],
    actor: annotations[syncAnnotations.actor],
  };
}

function attemptOf(
  before: Pick<HelmReleaseStatus, 'attempt' | 'inputs' | 'state'>,
  { refusedInputs, state }: Outcome,
): number {
  const isRefusal = refusedInputs !== undefined && state === 'Failed';
  const isKnown = before.inputs === refusedInputs && before.state !== 'Pending';
  return before.attempt + (isRefusal && !isKnown ? 1 : 0);
}

/** Visible with its cause until the next deployment that is no part of it. */
function rollbackOf(release: HelmRelease, head: RevisionHead | undefined): HelmReleaseStatus['rollback'] {
  const { rollback } = release.status ?? {};
  const annotations = annotationsOf(release);
  if (!rollback || rollback.of === annotations[syncAnnotations.commit]) return rollback;
  if (annotations[syncAnnotations.rollbackOf] === rollback.of) return { ...rollback, state: 'committed' };
  const { progress } = head ?? {};
  // A later commit that changed nothing that runs.
  return progress?.rollbackOf === rollback.of && progress.inputs === release.status?.inputs ? rollback : undefined;
}

function goodOf(
  { state, commit = '', rollback }: HelmReleaseStatus,
  head: RevisionHead | undefined,
): Partial<HelmReleaseStatus> {
  if (!head?.progress || (state !== 'Deployed' && state !== 'RolledBack')) return {};
  const { inputs, endedAt } = head.progress;
  const isJudgedBad = rollback?.of === commit && (rollback.state === 'requested' || rollback.state === 'committed');
  return {
    ...defined({ lastDeployedAt: endedAt }),
    ...(isJudgedBad ? {} : { lastGood: { revision: head.version, commit, inputs } }),
  };
}

function annotationsOf({ metadata }: HelmRelease): Record<string, string> {
  return metadata.annotations ?? {};
}

function defined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
