import { setTimeout as sleep } from 'node:timers/promises';
import type { GitAuthor, GitPublication } from '@shipit/git';
import { formatImage } from '@shipit/images';
import { formatImageCommit, type ImageChange, type ImageToSet, parseTrailers } from '@shipit/releases';
import { CliError } from '../output/cli-error.js';
import type { CommandContext } from '../program.js';
import { describeChanges, findLocks } from './describe-changes.js';
import { difference } from './difference.js';
import type { FileReport, PlaceReport } from './image-file.js';
import {
  explainGitError,
  openRepository,
  type OpenedRepository,
  readAddress,
  readAuthor,
} from './remote-repository.js';
import { readPrefix, RepositoryFiles } from './repository-files.js';
import { tellRefusals } from './sources.js';

export interface RepositoryRequest {
  image: ImageToSet;
  paths: readonly string[];
  address: string;
  branch: string | undefined;
  isPushing: boolean;
  author: string | undefined;
  message: string | undefined;
}

/** So long a push races with those of others. */
const deadlineMs = 60_000;

/** What is to be committed on one tip. */
interface Plan {
  tip: string;
  reports: Map<string, FileReport>;
  changes: ImageChange[];
  locks: string[];
}

interface Done {
  plan: Plan;
  commit: string | undefined;
  attempts: number;
}

/**
 * `shipit image set --repository`: one commit on the tip of a branch, made without a checkout and never forced.
 * Where somebody else was first, everything is decided again on the new tip.
 */
export async function setInRepository(context: CommandContext, request: RepositoryRequest): Promise<void> {
  const { environment } = context;
  checkMessage(request.message);
  const address = readAddress(request.address);
  const author = readAuthor(request.author, environment);
  const prefixes = request.paths.map(readPrefix);
  const signal = context.stopping();
  let opened: OpenedRepository | undefined;
  try {
    if (context.width !== undefined) context.warn(`reading ${address}`);
    opened = await openRepository({ address, branch: request.branch, environment, signal });
    const files = new RepositoryFiles(opened.repository, prefixes, request.image);
    const done = await commit(opened, { ...request, files, author, signal });
    tell(context, { ...request, address, branch: opened.branch }, done);
  } catch (error) {
    if (signal.aborted)
      throw new CliError('stopped, perhaps while the commit was on its way: run it again, nothing is committed twice');
    throw explainGitError(error, environment);
  } finally {
    await opened?.repository.close();
  }
}

/** A person's commit that calls itself Ship-it's would be taken for one. */
function checkMessage(message = ''): void {
  const { deploys, rollbacks, requests, actor } = parseTrailers(message.replace(/\r\n?/g, '\n'));
  if (actor === undefined && deploys.length + rollbacks.length + requests.length === 0) return;
  throw new CliError(
    '--message ends in lines that only Ship-it writes (Deploy, Rollback, Lock, Unlock, Hold, Resume, Suspend, Actor): leave them out',
  );
}

interface Attempt extends Omit<RepositoryRequest, 'author'> {
  files: RepositoryFiles;
  author: GitAuthor;
  signal: AbortSignal;
}

async function commit(opened: OpenedRepository, attempt: Attempt): Promise<Done> {
  const { isPushing, signal } = attempt;
  const until = Date.now() + deadlineMs;
  for (let attempts = 1; ; attempts += 1) {
    const plan = await planOnTip(opened, attempt);
    if (!isPushing || plan.changes.length === 0) return { plan, commit: undefined, attempts };
    const { outcome, commit } = await publish(opened, plan, attempt);
    if (outcome === 'published') return { plan, commit, attempts };
    if (Date.now() > until)
      throw new CliError(`others moved ${opened.branch} ${attempts} times while the commit was made: run it again`);
    await sleep(Math.random() * Math.min(50 * 2 ** attempts, 2_000), undefined, { signal });
  }
}

async function planOnTip({ repository }: OpenedRepository, { files, image, signal }: Attempt): Promise<Plan> {
  const tip = await repository.fetch(signal);
  const all = await repository.listFiles(tip, '');
  const reports = await files.setAt(all);
  const changes = describeChanges(reports, image);
  return { tip, reports, changes, locks: await findLocks(repository, all, changes) };
}

function publish({ repository }: OpenedRepository, plan: Plan, attempt: Attempt): Promise<GitPublication> {
  const { image, author, message, signal } = attempt;
  const actor = `${author.name} <${author.email}>`;
  const files = new Map<string, Uint8Array>();
  for (const [path, { edit }] of plan.reports) if (edit) files.set(path, Buffer.from(edit.after));
  const text = formatImageCommit({ image, changes: plan.changes, actor, message });
  return repository.publish({ parent: plan.tip, message: text, author, files }, signal);
}

/** With the branch that was chosen. */
type Told = RepositoryRequest & { branch: string };

function tell(context: CommandContext, request: Told, done: Done): void {
  const { image, address, branch } = request;
  const { plan, commit, attempts } = done;
  const reports = [...plan.reports.values()];
  const places = reports.flatMap((report) => report.places);
  if (context.isJson()) {
    const about = { image: formatImage(image), repository: address, branch, tip: plan.tip };
    context.printJson({ ...about, isPushed: commit !== undefined, ...(commit && { commit }), attempts, places });
  } else {
    for (const [path, { edit }] of plan.reports)
      if (edit) context.write(difference(path, edit, context.width !== undefined));
  }
  for (const { note } of reports) if (note !== undefined) context.warn(note);
  for (const lock of plan.locks) context.warn(lock);
  const end = endOf(request, done, places);
  if (end !== undefined) context.warn(end);
  tellRefusals(context, places);
}

/** What became of it, in one line. Undefined where the refusals say it all. */
function endOf(request: Told, { plan, commit }: Done, places: readonly PlaceReport[]): string | undefined {
  const { image, branch } = request;
  const count = [...plan.reports.values()].filter(({ edit }) => edit).length;
  const files = count === 1 ? '1 file' : `${count} files`;
  const at = `${branch} (${plan.tip.slice(0, 7)})`;
  if (commit !== undefined) return `pushed ${commit.slice(0, 7)} to ${branch} (${files})`;
  if (count > 0) return `nothing was pushed to ${at}: --push commits this to ${files}`;
  if (places.some(({ outcome }) => outcome === 'same')) return `already so on ${at}: nothing to commit`;
  return places.length === 0 ? `${image.repository} stands nowhere on ${at}: nothing to commit` : undefined;
}
