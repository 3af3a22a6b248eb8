import { idOf, type ShipitEvent } from '@shipit/contracts';

/** Something about the branch itself that somebody must know. */
export type BranchProblem =
  | { kind: 'force-pushed'; tip: string; gone: string }
  | { kind: 'locks unreadable'; tip: string; path: string; text: string; problem: string };

/** The same problem has the same id, so it is told once however often the branch is read. */
export function problemEvent(problem: BranchProblem, at: Date): ShipitEvent {
  const { id, code, message } = describe(problem);
  return {
    specversion: '1.0',
    id,
    source: 'repo-committer',
    subject: problem.tip,
    time: at.toISOString(),
    type: 'release.problem',
    data: {
      commit: problem.tip,
      code,
      message: message.slice(0, 2000),
      ...(problem.kind === 'locks unreadable' ? { path: problem.path } : {}),
    },
  };
}

function describe(problem: BranchProblem): { id: string; code: string; message: string } {
  const { tip } = problem;
  if (problem.kind === 'force-pushed') {
    const gone = problem.gone.slice(0, 12);
    return {
      id: idOf('release.problem', 'force-push', problem.gone, tip),
      code: 'SHIPIT_GIT_FORCE_PUSHED',
      message: `The branch was force-pushed: ${gone} is no longer part of it. What should run is what ${tip.slice(0, 12)} says.`,
    };
  }
  return {
    id: idOf('release.problem', 'locks', problem.text),
    code: 'SHIPIT_LOCKS_UNREADABLE',
    message: `${problem.path} cannot be read (${problem.problem}): nothing but rollbacks is committed until it is mended.`,
  };
}
