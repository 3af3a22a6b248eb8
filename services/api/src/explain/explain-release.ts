import {
  durationMs,
  type ExplainStep,
  type Explanation,
  type HelmRelease,
  releaseKey,
  syncAnnotations,
} from '@shipit/contracts';
import type { ReleaseLock } from '@shipit/releases';
import { at, type BranchCommit, rollbackStep, shortTag, wayTo } from './way-to-commit.js';

export interface ExplainInput {
  release: HelmRelease;
  commits: readonly BranchCommit[];
  candidates: Explanation['candidates'];
  /** What the branch says of locks; absent where that is not known. */
  lock?: ReleaseLock | undefined;
  now: Date;
}

/**
 * Why a release is as it is, step by step from the push to now.
 *
 * Made from git and the cluster alone, so it answers also after Redis was emptied.
 */
export function explainRelease({ release, commits, candidates, lock, now }: ExplainInput): Explanation {
  const key = releaseKey(release.metadata);
  const wanted = release.metadata.annotations?.[syncAnnotations.commit] ?? release.status?.commit;
  const way = wayTo({ release, commits, commit: wanted });
  const steps = [
    ...way.steps,
    syncStep(release, wanted),
    deployStep(release),
    ...healthStep(release),
    ...(way.isRollback ? [] : rollbackStep(release)),
    ...watchStep(release, now),
    ...lockSteps(lock),
    ...candidateSteps(candidates),
  ];
  return {
    release: key,
    state: release.status?.state ?? 'Pending',
    summary: summarize(release, candidates),
    steps,
    candidates,
  };
}

function syncStep(release: HelmRelease, wanted = ''): ExplainStep {
  const { deletionTimestamp } = release.metadata;
  if (deletionTimestamp)
    return {
      step: 'sync',
      outcome: 'running',
      title: 'Being removed',
      detail: 'The release is no longer in the repository',
      at: deletionTimestamp,
    };
  const commit = wanted === '' ? 'this commit' : wanted.slice(0, 7);
  return isTakenUp(release, wanted)
    ? { step: 'sync', outcome: 'done', title: 'Followed', detail: `The deployer works on ${commit}` }
    : {
        step: 'sync',
        outcome: 'running',
        title: 'To be followed',
        detail: `The deployer has not taken up ${commit} yet`,
      };
}

function isTakenUp({ metadata, status }: HelmRelease, wanted: string): boolean {
  return (
    status !== undefined &&
    status.observedGeneration === metadata.generation &&
    (status.commit === wanted || status.state === 'Pending')
  );
}

const deployOutcomes = {
  Pending: 'waiting',
  Deploying: 'running',
  Deployed: 'done',
  Failed: 'failed',
  RollingBack: 'running',
  RolledBack: 'done',
  Deleting: 'running',
} as const;

function deployStep({ spec, status }: HelmRelease): ExplainStep {
  if (spec.suspend)
    return {
      step: 'deploy',
      outcome: 'skipped',
      title: 'Suspended',
      detail: 'spec.suspend is true: nothing is deployed until it is removed',
    };
  if (!status) return { step: 'deploy', outcome: 'waiting', title: 'Pending', detail: 'Nothing was deployed yet' };
  const detail = [
    `revision ${status.revision ?? '–'}`,
    status.chart && `${status.chart.name}-${status.chart.version}`,
    status.message,
  ]
    .filter(Boolean)
    .join(', ');
  return {
    step: 'deploy',
    outcome: deployOutcomes[status.state],
    title: status.state,
    detail,
    reason: status.reason,
    ...at(status.startedAt),
  };
}

function healthStep({ status }: HelmRelease): ExplainStep[] {
  const healthy = status?.conditions.find(({ type }) => type === 'Healthy');
  if (!healthy) return [];
  const outcome = healthy.status === 'True' ? 'done' : healthy.status === 'False' ? 'failed' : 'running';
  return [
    {
      step: 'health',
      outcome,
      title: outcome === 'done' ? 'Healthy' : 'Not healthy',
      detail: healthy.message,
      reason: healthy.reason,
      ...at(healthy.lastTransitionTime),
    },
  ];
}

function watchStep({ spec, status }: HelmRelease, now: Date): ExplainStep[] {
  if (status?.state !== 'Deployed' || !status.lastDeployedAt) return [];
  if (status.lastVerified && status.lastVerified.revision === status.revision)
    return [{ step: 'watch', outcome: 'done', title: 'Verified', detail: `quiet for ${spec.rollback.watch}` }];
  const until = new Date(Date.parse(status.lastDeployedAt) + durationMs(spec.rollback.watch));
  const outcome = until > now ? 'running' : 'waiting';
  return [
    {
      step: 'watch',
      outcome,
      title: 'Watched',
      detail: `until ${until.toISOString()}; no monitors, judged by health`,
      ...at(status.lastDeployedAt),
    },
  ];
}

/** Why nothing would be committed by itself, whatever is pushed. */
function lockSteps({ locked = [], held = [], until, by, at: since }: Partial<ReleaseLock> = {}): ExplainStep[] {
  const who = by === undefined ? '' : ` (by ${by})`;
  const step = { step: 'decision', outcome: 'waiting', ...at(since) } as const;
  const end = until === undefined ? '' : `, until ${until}`;
  return [
    ...locked.map((reason) => ({ ...step, title: 'Locked', reason: 'locked', detail: `${reason}${who}${end}` })),
    ...held.map((reason) => ({ ...step, title: 'Held until a resume', reason: 'held', detail: `${reason}${who}` })),
  ];
}

function candidateSteps(candidates: Explanation['candidates']): ExplainStep[] {
  return candidates.map(({ image, reason, message, pushedAt }) => ({
    step: 'decision',
    outcome: reason === 'newer' ? 'waiting' : 'skipped',
    title: reason === 'newer' ? 'Not deployed yet' : 'Not deployed',
    detail: `${shortImage(image)}: ${message}`,
    reason,
    at: pushedAt,
  }));
}

function summarize({ metadata, status, spec }: HelmRelease, candidates: Explanation['candidates']): string {
  if (spec.suspend) return `${metadata.name} is suspended.`;
  const state = status
    ? `${metadata.name} is ${status.state}${status.message ? `: ${status.message}` : ''}`
    : `${metadata.name} is Pending`;
  const newest = candidates.find(({ reason }) => reason !== 'older');
  if (!newest) return state;
  return `${state}. ${shortImage(newest.image)} was pushed and is not deployed: ${newest.message}`;
}

/** `word-counts:78bc9cc`: the whole name stands among the candidates. */
function shortImage(image: string): string {
  const [name = image, tag] = (image.split('/').at(-1) ?? image).split(':');
  return tag === undefined ? name : `${name}:${shortTag(tag)}`;
}
