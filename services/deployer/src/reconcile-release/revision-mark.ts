import { type HelmRelease, type HelmReleaseStatus, releaseKey, syncAnnotations } from '@shipit/contracts';
import { type Progress, readProgress } from './progress.js';
import { chartKeyOf } from './resolve-inputs.js';
import type { RevisionHead } from './revision-store.js';

/**
 * Names the revision that Ship-it made, on its record. Helm writes a record anew without the annotations of others, but
 * with its labels, and copies them to the revisions that it makes: there the number is another.
 */
export const revisionLabel = 'shipit.dev/revision';

export function revisionMark(version: number, { inputs, chartKey }: Pick<Progress, 'inputs' | 'chartKey'>): string {
  return [version, inputs.slice(0, 20), chartKey.slice(0, 20)].join('-');
}

/**
 * The progress of a deployed revision that Helm noted something on, as `helm test` does: what was lost with the
 * annotation is still in the release's status. Undefined where that speaks of something else.
 */
export function recoverProgress(head: RevisionHead, release: HelmRelease): Progress | undefined {
  const { version, progress, status, record } = head;
  const { status: told, metadata } = release;
  const { annotations = {} } = metadata;
  if (progress || status !== 'deployed' || !isToldOf(version, told)) return undefined;
  const { inputs = '', commit, deployId, pushId, actor, chart, images, startedAt, lastDeployedAt } = told;
  const mark = record.labels[revisionLabel] ?? '';
  if (!mark.startsWith(revisionMark(version, { inputs, chartKey: '' }))) return undefined;
  const chartKey = chartKeyOf(release);
  return readProgress(
    JSON.stringify({
      kind: told.state === 'RolledBack' ? 'rollback' : 'upgrade',
      release: releaseKey(metadata),
      ...{ inputs, commit, deployId, pushId, actor, chart, images, startedAt },
      rollbackOf: annotations[syncAnnotations.rollbackOf],
      // Where another chart is asked for by now, this one's key is not known, and the other is looked up.
      chartKey: mark === revisionMark(version, { inputs, chartKey }) ? chartKey : '',
      ...{ step: 'done', stepStartedAt: lastDeployedAt, endedAt: lastDeployedAt, applied: [] },
    }),
  );
}

function isToldOf(version: number, told: HelmReleaseStatus | undefined): told is HelmReleaseStatus {
  return told?.revision === version && (told.state === 'Deployed' || told.state === 'RolledBack');
}
