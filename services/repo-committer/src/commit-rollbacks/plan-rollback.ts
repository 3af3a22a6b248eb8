import { isDeepStrictEqual } from 'node:util';
import type { RollbackRefused, RollbackRequested } from '@shipit/contracts';
import { canonicalRepository, formatImage, tryParseImage } from '@shipit/images';
import {
  type BlockedImage,
  findImages,
  formatRollbackCommit,
  type ReleaseDocument,
  restoreReleaseSpec,
  withBlock,
  withHold,
} from '@shipit/releases';
import type { Plan } from '../publish-edits/branch-writer.js';
import type { Branch, LocksEdit } from '../read-branch/branch.js';
import type { LoggedCommit } from '../read-branch/commit-log.js';
import { type EarlierRelease, readEarlierRelease } from '../read-branch/earlier-release.js';
import { traceIdsOf } from '../read-branch/request-envelope.js';

export interface ImageChange {
  image: string;
  from: string;
  to: string;
}

export type RollbackOutcome =
  | { kind: 'committed'; path: string; changes: ImageChange[] }
  /** An earlier attempt made the commit already. */
  | { kind: 'known'; path: string; commit: string }
  | { kind: 'refused'; reason: RollbackRefused['data']['reason']; message: string };

/** Fields of a spec that a rollback leaves alone: they say how the release is run, not what runs. */
const KEPT = ['suspend', 'rollback', 'drift'];
const CLOCK_SLACK_MS = 60 * 60 * 1000;

/** Decides on one rollback request on one tip: the restored file and, in the same commit, what keeps the bad image away. */
export async function planRollback(request: RollbackRequested, branch: Branch): Promise<Plan<RollbackOutcome>> {
  const { release, of, to } = request.data;
  const now = branch.index.find(release);
  const commits = await branch.commits(new Date(Date.parse(request.time) - CLOCK_SLACK_MS));
  const done = commits.find(({ trailers }) => trailers.rollbacks.some(({ id }) => id === request.id));
  if (done) return { outcome: { kind: 'known', path: now?.path ?? '', commit: done.id } };
  if (!now) return refuse('superseded', `${release} is not declared by exactly one file at the tip`);

  const at = { release, path: now.path, folder: branch.folder };
  const judged = await readEarlierRelease(branch.repository, { ...at, commit: of });
  if (!judged || !isSameSpec(judged.document, now.document)) {
    return refuse('superseded', `${release} was changed after ${of.slice(0, 12)}: the newer commit decides`);
  }
  const good = await readEarlierRelease(branch.repository, { ...at, commit: to });
  if (!good) return refuse('nothing to restore', `${release} does not exist at ${to.slice(0, 12)}`);
  return restore(request, branch, { path: now.path, document: now.document, good, commits });
}

interface Restoration {
  path: string;
  document: ReleaseDocument;
  good: EarlierRelease;
  commits: readonly LoggedCommit[];
}

function restore(
  request: RollbackRequested,
  branch: Branch,
  { path, document, good, commits }: Restoration,
): Plan<RollbackOutcome> {
  const { release, of, to, cause, actor } = request.data;
  const restored = restoreReleaseSpec({ release, current: branch.index.text(path) ?? '', earlier: good.text });
  if (!restored.ok) {
    const { line, column, reason } = restored.refusals[0];
    return refuse('cannot be edited', `${path}:${line}:${column}: ${reason}`);
  }
  if (!restored.isChanged) {
    return refuse(
      'nothing to restore',
      `The spec of ${release} is the same at ${to.slice(0, 12)}: what broke it is not in this file`,
    );
  }
  const files = new Map([[path, restored.text]]);
  const locks = branch.editLocks((text) => editLocks(text, request, commits));
  if (locks.ok && locks.isChanged) files.set(branch.index.locksPath, locks.text);
  const trailer = { release, of, to, id: request.id, isHeld: !locks.ok };
  const message = formatRollbackCommit({ ...trailer, cause, actor, traceIds: traceIdsOf(request) });
  const changes = imageChanges(document, good.document);
  return { commit: { message, files }, outcome: { kind: 'committed', path, changes } };
}

/**
 * What keeps the bad image away. A locks.yaml that cannot be edited stops no rollback and is not touched: then the commit itself
 * says that the release is held, so that nothing follows when the file is mended.
 */
function editLocks(before: string, request: RollbackRequested, commits: readonly LoggedCommit[]): LocksEdit {
  const { release, by, then, cause, actor } = request.data;
  const images = cause.imageAtFault && by === 'watcher' ? blockedImages(request, commits) : [];
  const hold = { reason: cause.message, by: actor, at: request.time };
  let edit: LocksEdit = { ok: true, text: before, isChanged: false };
  if (images.length > 0) edit = withBlock(before, release, images);
  if (edit.ok && (by === 'person' || then === 'hold')) edit = withHold(edit.text, release, hold);
  return edit.ok ? { ...edit, isChanged: edit.text !== before } : edit;
}

function blockedImages({ data }: RollbackRequested, commits: readonly LoggedCommit[]): BlockedImage[] {
  const deploys = commits.flatMap(({ trailers }) => trailers.deploys).filter(({ release }) => release === data.release);
  return data.images.flatMap((text) => {
    const image = tryParseImage(text);
    if (!image) return [];
    const repository = canonicalRepository(image);
    const deploy = deploys.find((one) => one.repository === repository && one.tag === image.tag);
    const digest = image.digest ?? deploy?.digest;
    if (digest === undefined) return [];
    const { registry, repository: name, tag } = image;
    const named = formatImage({ registry, repository: name, ...(tag === undefined ? {} : { tag }) });
    return [{ image: named, digest, pushed: deploy?.pushed }];
  });
}

function imageChanges(from: ReleaseDocument, to: ReleaseDocument): ImageChange[] {
  const before = tagsOf(from);
  return [...tagsOf(to)]
    .map(([image, tag]) => ({ image, from: before.get(image) ?? '', to: tag }))
    .filter((change) => change.from !== change.to);
}

function tagsOf(document: ReleaseDocument): Map<string, string> {
  return new Map(findImages(document.value).map(({ image }) => [canonicalRepository(image), image.tag ?? '']));
}

function isSameSpec(a: ReleaseDocument, b: ReleaseDocument): boolean {
  return isDeepStrictEqual(comparable(a.value), comparable(b.value));
}

function comparable(document: unknown): unknown {
  const spec = (document as { spec?: unknown } | null)?.spec;
  if (typeof spec !== 'object' || spec === null) return spec;
  return Object.fromEntries(Object.entries(spec).filter(([key]) => !KEPT.includes(key)));
}

function refuse(reason: RollbackRefused['data']['reason'], message: string): Plan<RollbackOutcome> {
  return { outcome: { kind: 'refused', reason, message } };
}
