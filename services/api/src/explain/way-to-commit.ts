import { type ExplainStep, type HelmRelease, releaseKey } from '@shipit/contracts';
import { type CommitTrailers, decideCommitted, parseTrailers, type RollbackTrailer } from '@shipit/releases';

/** A commit of the branch, newest first in lists. */
export interface BranchCommit {
  id: string;
  message: string;
  author: { name: string };
  committedAt: Date;
}

interface WantedCommit {
  release: HelmRelease;
  commits: readonly BranchCommit[];
  /** What the branch wants to run. */
  commit: string | undefined;
}

/** How a release came to the commit that is to run. A rollback begins with what it undid: its push, its commit, and why it was bad. */
export function wayTo({ release, commits, commit }: WantedCommit): { steps: ExplainStep[]; isRollback: boolean } {
  const key = releaseKey(release.metadata);
  const wanted = readCommit(commits, commit);
  const last = commitSteps(key, wanted);
  const rollback = wanted.trailers.rollbacks.find((one) => one.release === key);
  if (!rollback) return { steps: last, isRollback: false };
  const judged = commitSteps(key, readCommit(commits, rollback.of));
  const cause = wanted.trailers.rollbackCause ?? 'a cause not told';
  const undone = [...failureStep(release, rollback), decidedStep({ release, rollback, cause })];
  return { steps: [...judged, ...undone, ...last], isRollback: true };
}

interface ReadCommit {
  id: string | undefined;
  /** Absent where it is older than those at hand. */
  commit: BranchCommit | undefined;
  trailers: CommitTrailers;
}

function readCommit(commits: readonly BranchCommit[], id: string | undefined): ReadCommit {
  const commit = commits.find((one) => one.id === id);
  return { id, commit, trailers: parseTrailers(commit?.message ?? '') };
}

function commitSteps(key: string, { id, commit, trailers }: ReadCommit): ExplainStep[] {
  return [...pushSteps(key, trailers, commit), commitStep(id, commit, trailers)];
}

/** What the judged commit came to. A person or a monitor may undo what was deployed well. */
function failureStep({ status }: HelmRelease, { of }: RollbackTrailer): ExplainStep[] {
  const judged = status?.history.filter(({ commit }) => commit === of) ?? [];
  const entry = judged.find(({ state }) => state === 'Failed') ?? judged[0];
  if (!entry) return [];
  const outcome = entry.state === 'Failed' ? 'failed' : 'done';
  const detail = [`revision ${entry.revision}`, entry.chart].filter(Boolean).join(', ');
  return [{ step: 'deploy', outcome, title: entry.state, detail, reason: entry.reason, ...at(entry.at) }];
}

/** The object knows more of its last rollback than the commit; the commit is there also when the object is not. */
function decidedStep(of: { release: HelmRelease; rollback: RollbackTrailer; cause: string }): ExplainStep {
  const { release, rollback, cause } = of;
  const [known] = release.status?.rollback?.of === rollback.of ? rollbackStep(release) : [];
  if (known) return { ...known, outcome: 'done', title: 'Rolled back' };
  const detail = `from ${rollback.of.slice(0, 7)} to ${rollback.to.slice(0, 7)}: ${cause}`;
  return { step: 'rollback', outcome: 'done', title: 'Rolled back', detail, commit: rollback.of };
}

function pushSteps(key: string, trailers: CommitTrailers, commit: BranchCommit | undefined): ExplainStep[] {
  const deploy = trailers.deploys.find(({ release }) => release === key);
  if (!deploy) return [];
  const image = `${deploy.repository}:${deploy.tag}`;
  const decision = decideCommitted(deploy);
  return [
    {
      step: 'push',
      outcome: 'done',
      title: 'Pushed',
      detail: `${image}${deploy.digest ? ` (${deploy.digest})` : ''}`,
      ...at(deploy.pushed),
    },
    {
      step: 'decision',
      outcome: 'done',
      title: 'Allowed',
      detail: decision.message,
      reason: decision.reason,
      ...at(commit?.committedAt.toISOString()),
    },
  ];
}

function commitStep(
  wanted: string | undefined,
  commit: BranchCommit | undefined,
  trailers: CommitTrailers,
): ExplainStep {
  if (!wanted)
    return {
      step: 'commit',
      outcome: 'waiting',
      title: 'Not committed',
      detail: 'No commit of this release has been seen yet',
    };
  const by = trailers.actor ?? commit?.author.name ?? 'somebody';
  const subject = commit?.message.split('\n')[0] ?? 'an older commit than those at hand';
  return {
    step: 'commit',
    outcome: 'done',
    title: 'Committed',
    detail: `${subject} (${wanted.slice(0, 7)}, by ${by})`,
    commit: wanted,
    ...at(commit?.committedAt.toISOString()),
  };
}

const rollbackOutcomes = { requested: 'running', committed: 'done', superseded: 'skipped', refused: 'failed' } as const;

/** The release's last rollback, as its object tells it. */
export function rollbackStep({ status }: HelmRelease): ExplainStep[] {
  const { rollback } = status ?? {};
  if (!rollback) return [];
  const what = `from ${rollback.of.slice(0, 7)}${rollback.to ? ` to ${rollback.to.slice(0, 7)}` : ''}, by ${rollback.by}: ${rollback.cause.message}`;
  return [
    {
      step: 'rollback',
      outcome: rollbackOutcomes[rollback.state],
      title: `Rollback ${rollback.state}`,
      detail: what,
      commit: rollback.of,
      ...at(rollback.at),
    },
  ];
}

export function shortTag(tag: string): string {
  return /^[0-9a-f]{40}$/.test(tag) ? tag.slice(0, 7) : tag;
}

export function at(time: string | undefined): { at?: string } {
  return time === undefined ? {} : { at: time };
}
