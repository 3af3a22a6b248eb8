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

export interface RollbackCommit extends RollbackTrailer {
  cause: RollbackCause;
  actor: string;
  traceIds: readonly string[];
  /** The release waits for a resume, and locks.yaml cannot say so. */
  isHeld?: boolean;
}

/** The message of a commit that restores an earlier spec. */
export function formatRollbackCommit(commit: RollbackCommit): string {
  const { release, of, to, id, cause, isHeld = false } = commit;
  const text = oneLine(cause.object ? `${cause.object}: ${cause.message}` : cause.message);
  const lines = [text, ...(isHeld ? ['held until a resume: locks.yaml cannot be edited'] : [])];
  const trailers = [
    `Rollback: ${release} of=${of} to=${to} id=${id}`,
    `Rollback-Cause: ${text}`,
    ...(isHeld ? [`Hold: ${release} id=${id}`] : []),
    ...about(commit),
  ];
  return message(`Roll back ${nameOf(release)} to ${short(to)}`, lines, trailers);
}

/** The message of a commit that changes locks.yaml, or suspends, because somebody asked. */
export function formatRequestCommit(
  commit: RequestTrailer & { reason: string; actor: string; traceIds: readonly string[] },
): string {
  const { kind, release, id, reason } = commit;
  return message(`${kind} ${nameOf(release)}`, [oneLine(reason)], [`${kind}: ${release} id=${id}`, ...about(commit)]);
}

/** One place that a person's commit changes: a release's, else just a file's. */
export interface ImageChange {
  release?: string;
  path: string;
  /** The tag that stood there; empty where there was none. */
  from: string;
}

/**
 * The message of a commit that a person or their CI makes to set one image. It bears no `Deploy` trailer: to Ship-it it is
 * like any commit by hand, deployed whatever is locked, and a hold where it steps back.
 */
export function formatImageCommit(commit: {
  image: { repository: string; tag: string };
  changes: readonly ImageChange[];
  actor: string;
  /** Subject and body in the person's own words. */
  message?: string | undefined;
}): string {
  const { image, changes, message: own = '' } = commit;
  const trailers = about({ traceIds: [], actor: commit.actor });
  if (own.trim() !== '') return `${withoutControl(own)}${endsInTrailers(own) ? '\n' : '\n\n'}${trailers.join('\n')}\n`;
  const releases = new Set(changes.flatMap(({ release }) => release ?? []));
  const [name = image.repository.slice(image.repository.lastIndexOf('/') + 1)] = [...releases].map(nameOf);
  const subject = releases.size > 1 ? `Deploy ${releases.size} services` : `Deploy ${name} ${short(image.tag)}`;
  const lines = changes.map(({ release, path, from }) => `${release ?? path}: ${short(from)} -> ${short(image.tag)}`);
  return message(subject, lines, trailers);
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

function withoutControl(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, ' ')
    .trim();
}

/** The trailers of a message are its last paragraph, so another joins them there. */
function endsInTrailers(text: string): boolean {
  const [, ...others] = withoutControl(text).split(/\n\s*\n/);
  const last = others.at(-1)?.split('\n') ?? [];
  return last.length > 0 && last.every((line) => /^[A-Za-z][A-Za-z-]*: /.test(line) && !isOwn(line));
}

/** What Ship-it alone says of its commits: not joined, it stands before the last paragraph, where nobody reads it as a trailer. */
function isOwn(line: string): boolean {
  return /^(?:Deploy|Rollback|Rollback-Cause|Lock|Unlock|Hold|Resume|Suspend|Trace-Id|Actor): /i.test(line);
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
