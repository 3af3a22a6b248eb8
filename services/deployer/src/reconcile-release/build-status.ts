import { type HelmRelease, type HelmReleaseStatus, type HistoryEntry, type ReleaseState, syncAnnotations } from '@shipit/contracts';
import { conditionsOf } from './build-conditions.js';
import type { Outcome, ReleasePass } from './outcome.js';
import type { Progress } from './progress.js';
import type { RevisionHead } from './revision-store.js';

const maxHistory = 10;

/** The status that tells how a release stands after an action; everything that is not about that stays as it is. */
export function buildStatus({ release, heads, now }: ReleasePass, outcome: Outcome): HelmReleaseStatus {
  const before = release.status;
  const head = outcome.head ?? heads[0];
  const rollback = rollbackOf(release, head);
  const asked = isRollbackAwaited(release, outcome.state);
  const state: ReleaseState = asked ? 'RollingBack' : outcome.state;
  const status: HelmReleaseStatus = {
    ...before,
    ...identityOf(release, outcome, head),
    state,
    reason: asked ? 'RollbackRequested' : outcome.reason,
    message: asked ? `Goes back because ${before?.rollback?.cause.message ?? 'it was asked to'}` : outcome.message,
    images: head?.progress?.images ?? before?.images ?? [],
    attempt: attemptOf(before, outcome),
    history: historyOf(release, heads, head, outcome),
    conditions: [],
  };
  if (rollback === undefined) delete status.rollback;
  else status.rollback = rollback;
  Object.assign(status, goodOf(status, head, outcome));
  status.conditions = conditionsOf({ status, before, outcome, release, now });
  return status;
}

/** A person or the watcher asked to go back and the commit that does it is not there yet. */
export function isRollbackAwaited({ metadata, status }: HelmRelease, state: ReleaseState): boolean {
  const { rollback } = status ?? {};
  if (rollback?.state !== 'requested') return false;
  return rollback.of === metadata.annotations?.[syncAnnotations.commit] && (state === 'Failed' || state === 'Deployed' || state === 'RolledBack');
}

/** Which generation, commit and revision the status speaks of. */
function identityOf(release: HelmRelease, outcome: Outcome, head: RevisionHead | undefined): Partial<HelmReleaseStatus> {
  const annotations = release.metadata.annotations ?? {};
  const progress = head?.progress;
  const isOfCommit = outcome.refusedInputs !== undefined || outcome.state === 'Pending' || progress === undefined;
  return withoutUndefined({
    observedGeneration: release.metadata.generation,
    commit: annotations[syncAnnotations.commit] ?? progress?.commit,
    deployId: isOfCommit ? annotations[syncAnnotations.deployId] : progress.deployId,
    pushId: isOfCommit ? annotations[syncAnnotations.pushId] : progress.pushId,
    actor: isOfCommit ? annotations[syncAnnotations.actor] : progress.actor,
    revision: head?.version,
    chart: progress?.chart,
    inputs: outcome.refusedInputs ?? progress?.inputs,
    startedAt: progress?.startedAt,
  });
}

function attemptOf(before: HelmReleaseStatus | undefined, { refusedInputs, state }: Outcome): number {
  const isNewRefusal = refusedInputs !== undefined && state === 'Failed' && (before?.inputs !== refusedInputs || before.state !== 'Failed');
  return (before?.attempt ?? 0) + (isNewRefusal ? 1 : 0);
}

/** Visible with its cause until the next deployment that is none. */
function rollbackOf(release: HelmRelease, head: RevisionHead | undefined): HelmReleaseStatus['rollback'] {
  const rollback = release.status?.rollback;
  const commit = release.metadata.annotations?.[syncAnnotations.commit];
  if (!rollback || rollback.of === commit) return rollback;
  const committedFor = release.metadata.annotations?.[syncAnnotations.rollbackOf];
  if (committedFor === rollback.of) return { ...rollback, state: 'committed' };
  return head?.progress?.rollbackOf === rollback.of && head.progress.commit === commit ? rollback : undefined;
}

function goodOf(status: HelmReleaseStatus, head: RevisionHead | undefined, outcome: Outcome): Partial<HelmReleaseStatus> {
  const progress = head?.progress;
  if (!progress || head?.status !== 'deployed' || (outcome.state !== 'Deployed' && outcome.state !== 'RolledBack')) return {};
  const commit = status.commit ?? progress.commit;
  const isJudgedBad = status.rollback?.of === commit && status.rollback.state !== 'superseded' && status.rollback.state !== 'refused';
  return {
    ...(isJudgedBad ? {} : { lastGood: { revision: head.version, commit, inputs: progress.inputs } }),
    ...(progress.endedAt === undefined ? {} : { lastDeployedAt: progress.endedAt }),
  };
}

/** What the records tell, then what was told before and has no record any more. */
function historyOf(release: HelmRelease, heads: readonly RevisionHead[], head: RevisionHead | undefined, outcome: Outcome): HistoryEntry[] {
  const current = heads.map((one) => (one.version === head?.version ? head : one));
  if (head && !heads.some(({ version }) => version === head.version)) current.unshift(head);
  const told = current.flatMap((one) => (one.progress ? [entryOf(one.version, one.status, one.progress)] : []));
  const earlier = (release.status?.history ?? []).filter(
    ({ revision, commit }) => !told.some((entry) => entry.revision === revision && entry.commit === commit),
  );
  const refused = refusedEntry(release, outcome, current[0]?.version ?? 0);
  const all = [...(refused ? [refused] : []), ...told, ...earlier.filter((entry) => entry.at !== refused?.at)];
  return all.sort((a, b) => b.revision - a.revision || (a.at < b.at ? 1 : -1)).slice(0, maxHistory);
}

function entryOf(revision: number, record: string, progress: Progress): HistoryEntry {
  const { commit, chart, images, actor, startedAt, endedAt } = progress;
  const { state, reason } = endOf(record, progress);
  const took = endedAt === undefined ? {} : { tookSeconds: Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000) };
  return { revision, commit, chart: `${chart.name}-${chart.version}`, images, state, reason, by: actor, at: endedAt ?? startedAt, ...took };
}

function endOf(record: string, { kind, failure, isOvertaken }: Progress): { state: ReleaseState; reason: string } {
  const under: ReleaseState = kind === 'rollback' ? 'RollingBack' : 'Deploying';
  if (failure) return { state: 'Failed', reason: failure.reason };
  if (isOvertaken) return { state: under, reason: 'Overtaken' };
  if (record === 'deployed' || record === 'superseded') return { state: kind === 'rollback' ? 'RolledBack' : 'Deployed', reason: 'Ready' };
  return { state: record === 'failed' ? 'Failed' : under, reason: record === 'failed' ? 'Failed' : 'Progressing' };
}

/** An attempt that was refused before anything was applied has no record; it bears the number the revision would have had. */
function refusedEntry({ metadata, spec, status }: HelmRelease, outcome: Outcome, newest: number): HistoryEntry | undefined {
  const annotations = metadata.annotations ?? {};
  const commit = annotations[syncAnnotations.commit] ?? '';
  if (outcome.refusedInputs === undefined || outcome.state !== 'Failed') return undefined;
  const known = status?.history.find((entry) => entry.revision === newest + 1 && entry.commit === commit && entry.state === 'Failed');
  if (known) return known;
  const { name, version } = spec.chart;
  const at = (outcome.lookAgainAt ?? new Date()).toISOString();
  const by = annotations[syncAnnotations.actor] ?? '';
  return { revision: newest + 1, commit, chart: version ? `${name}-${version}` : name, images: [], state: 'Failed', reason: outcome.reason, by, at };
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as Partial<T>;
}
