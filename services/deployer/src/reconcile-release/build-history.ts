import { type HelmRelease, type HistoryEntry, type ReleaseState, syncAnnotations } from '@shipit/contracts';
import type { Outcome, SeenRelease } from './outcome.js';
import type { Progress } from './progress.js';
import type { RevisionHead } from './revision-store.js';

const maxEntries = 10;

/** What the records tell, then what was told before and has no record any more; newest first. */
export function historyOf({ release, heads, now }: SeenRelease, outcome: Outcome): HistoryEntry[] {
  const head = outcome.head ?? heads[0];
  const current = heads.filter(({ version }) => version !== head?.version);
  const told = [...(head ? [head] : []), ...current].flatMap((one) =>
    one.progress ? [entryOf(one, one.progress)] : [],
  );
  const earlier = (release.status?.history ?? []).filter(
    ({ revision, commit }) => !told.some((entry) => entry.revision === revision && entry.commit === commit),
  );
  const refused = refusedEntry(release, outcome, { revision: (heads[0]?.version ?? 0) + 1, at: now.toISOString() });
  const isKnown = earlier.some(({ revision, commit }) => revision === refused?.revision && commit === refused.commit);
  return [...(refused && !isKnown ? [refused] : []), ...told, ...earlier]
    .sort((a, b) => b.revision - a.revision || (a.at < b.at ? 1 : -1))
    .slice(0, maxEntries);
}

function entryOf({ version, status }: RevisionHead, progress: Progress): HistoryEntry {
  const { commit, chart, images, actor, startedAt, endedAt } = progress;
  return {
    revision: version,
    commit,
    chart: `${chart.name}-${chart.version}`,
    images,
    ...endOf(status, progress),
    by: actor,
    at: endedAt ?? startedAt,
    ...(endedAt === undefined
      ? {}
      : { tookSeconds: Math.max(0, (Date.parse(endedAt) - Date.parse(startedAt)) / 1000) }),
  };
}

function endOf(
  record: RevisionHead['status'],
  { kind, failure, isOvertaken }: Progress,
): { state: ReleaseState; reason: string } {
  const isBack = kind === 'rollback';
  const underWay = isBack ? 'RollingBack' : 'Deploying';
  if (failure) return { state: 'Failed', reason: failure.reason };
  if (isOvertaken) return { state: underWay, reason: 'Overtaken' };
  if (record === 'failed') return { state: 'Failed', reason: 'Failed' };
  const isDone = record === 'deployed' || record === 'superseded';
  return isDone
    ? { state: isBack ? 'RolledBack' : 'Deployed', reason: 'Ready' }
    : { state: underWay, reason: 'Progressing' };
}

/** An attempt that was refused before anything was applied has no record; it bears the number that its revision would have had. */
function refusedEntry(
  { metadata, spec }: HelmRelease,
  { refusedInputs, state, reason }: Outcome,
  place: { revision: number; at: string },
): HistoryEntry | undefined {
  if (refusedInputs === undefined || state !== 'Failed') return undefined;
  const { [syncAnnotations.commit]: commit = '', [syncAnnotations.actor]: by = '' } = metadata.annotations ?? {};
  const { name, version } = spec.chart;
  return { ...place, commit, chart: version ? `${name}-${version}` : name, images: [], state, reason, by };
}
