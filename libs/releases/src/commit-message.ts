import type { RollbackCause } from '@shipit/contracts';
import type { DeployTrailer, RequestTrailer, RollbackTrailer } from './commit-trailers.js';

/** The message of a commit that sets images: what people read first, then one self-contained trailer for each release. */
export function formatDeployCommit(commit: {
  deploys: readonly [DeployTrailer, ...DeployTrailer[]];
  traceIds: readonly string[];
  actor: string;
}): string {
  const lines = commit.deploys.map(({ release, from, tag }) => `${release}: ${short(from)} -> ${short(tag)}`);
  return message(deploySubject(commit.deploys), lines, [...commit.deploys.map(deployLine), ...about(commit)]);
}

/** The message of a commit that restores an earlier spec. */
export function formatRollbackCommit(
  commit: RollbackTrailer & { cause: RollbackCause; actor: string; traceIds: readonly string[] },
): string {
  const { release, of, to, id, cause } = commit;
  const text = oneLine(cause.object ? `${cause.object}: ${cause.message}` : cause.message);
  const trailers = [`Rollback: ${release} of=${of} to=${to} id=${id}`, `Rollback-Cause: ${text}`, ...about(commit)];
  return message(`Roll back ${nameOf(release)} to ${short(to)}`, [text], trailers);
}

/** The message of a commit that changes locks.yaml, or suspends, because somebody asked. */
export function formatRequestCommit(
  commit: RequestTrailer & { reason: string; actor: string; traceIds: readonly string[] },
): string {
  const { kind, release, id, reason } = commit;
  return message(`${kind} ${nameOf(release)}`, [oneLine(reason)], [`${kind}: ${release} id=${id}`, ...about(commit)]);
}

function deploySubject(deploys: readonly [DeployTrailer, ...DeployTrailer[]]): string {
  const releases = new Set(deploys.map(({ release }) => release));
  if (releases.size > 1) return `Deploy ${releases.size} services`;
  return `Deploy ${nameOf(deploys[0].release)} ${[...new Set(deploys.map(({ tag }) => short(tag)))].join(', ')}`;
}

function deployLine({ release, repository, tag, digest, from, pushed, id, push }: DeployTrailer): string {
  const image = `${repository}:${tag}${digest === undefined ? '' : `@${digest}`}`;
  const fields = Object.entries({ from, pushed, id, push })
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${word(value)}`);
  return [`Deploy: ${release} ${image}`, ...fields].join(' ');
}

function about({ traceIds, actor }: { traceIds: readonly string[]; actor: string }): string[] {
  return [
    ...[...new Set(traceIds)].map((id) => `Trace-Id: ${word(id)}`),
    `Actor: ${oneLine(actor).slice(0, 200) || 'unknown'}`,
  ];
}

function message(subject: string, lines: readonly string[], trailers: readonly string[]): string {
  return `${oneLine(subject)}\n\n${lines.map((line) => `- ${oneLine(line)}`).join('\n')}\n\n${trailers.join('\n')}\n`;
}

function nameOf(release: string): string {
  return release.slice(release.indexOf('/') + 1);
}

function short(text: string): string {
  return /^[0-9a-f]{40,64}$/.test(text) ? text.slice(0, 7) : oneLine(text).slice(0, 128) || 'nothing';
}

/** Nobody's text may begin a line of its own: it would be read as a trailer. */
function oneLine(text: string): string {
  return text
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 2000);
}

function word(text: string | undefined): string {
  return (text ?? '').replace(/[\s\p{C}]+/gu, '_').slice(0, 128);
}
