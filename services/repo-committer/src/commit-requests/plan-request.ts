import type { LockRequested, ResumeRequested, RollbackRefused, UnlockRequested } from '@shipit/contracts';
import { formatRequestCommit, type RequestKind, withLock, withoutHold, withoutLock } from '@shipit/releases';
import type { Plan } from '../publish-edits/branch-writer.js';
import type { Branch, LocksEdit } from '../read-branch/branch.js';
import { traceIdsOf } from '../read-branch/request-envelope.js';

export type SettingRequested = LockRequested | UnlockRequested | ResumeRequested;

export type RequestOutcome =
  | { kind: 'committed'; path: string }
  /** An earlier attempt made the commit already. */
  | { kind: 'known'; path: string; commit: string }
  | { kind: 'refused'; reason: RollbackRefused['data']['reason']; message: string };

const CLOCK_SLACK_MS = 60 * 60 * 1000;

const kinds = {
  'lock.requested': 'Lock',
  'unlock.requested': 'Unlock',
  'resume.requested': 'Resume',
} as const satisfies Record<SettingRequested['type'], RequestKind>;

/** Decides on one request about locks on one tip. What a person asked for changes locks.yaml and nothing else. */
export async function planRequest(request: SettingRequested, branch: Branch): Promise<Plan<RequestOutcome>> {
  const { release, reason, actor } = request.data;
  const path = branch.index.locksPath;
  const commits = await branch.commits(new Date(Date.parse(request.time) - CLOCK_SLACK_MS));
  const done = commits.find(({ trailers }) => trailers.requests.some(({ id }) => id === request.id));
  if (done) return { outcome: { kind: 'known', path, commit: done.id } };
  if (!branch.index.find(release)) {
    return refuse('nothing to change', `${release} is not declared by exactly one file in the repository`);
  }
  const edit = branch.editLocks((text) => editLocks(request, text));
  if (!edit.ok) {
    const { line, column, reason: problem } = edit.refusals[0];
    return refuse('cannot be edited', `${path}:${line}:${column}: ${problem}`);
  }
  if (!edit.isChanged) return refuse('nothing to change', `${path} says so already for ${release}`);
  const trailer = { kind: kinds[request.type], release, id: request.id };
  const message = formatRequestCommit({ ...trailer, reason, actor, traceIds: traceIdsOf(request) });
  return { commit: { message, files: new Map([[path, edit.text]]) }, outcome: { kind: 'committed', path } };
}

function editLocks({ type, data, time }: SettingRequested, text: string): LocksEdit {
  const { release, reason, actor } = data;
  if (type === 'lock.requested') return withLock(text, release, { reason, by: actor, at: time });
  return type === 'unlock.requested' ? withoutLock(text, release) : withoutHold(text, release);
}

function refuse(reason: RollbackRefused['data']['reason'], message: string): Plan<RequestOutcome> {
  return { outcome: { kind: 'refused', reason, message } };
}
