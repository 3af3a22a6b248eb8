import type { DecisionReason, ImagePushed, ImageReference } from '@shipit/contracts';
import { wasChangedSince } from '@shipit/git';
import { canonicalRepository, compareImages } from '@shipit/images';
import {
  type CurrentImage,
  decideDeclaredTwice,
  decideDeploy,
  decideSuperseded,
  decideUnreadable,
  decideUnused,
  type DeployDecision,
  deployIdOf,
  type DeployTrailer,
  findStepBack,
  formatDeployCommit,
  lockOf,
  type PushDecision,
  type ReadLocks,
  readReleaseDocuments,
  requestDeployIdOf,
  TagTimes,
} from '@shipit/releases';
import type { Registry } from '@shipit/registries';
import { type IndexedRelease, indexRelease } from '../index-releases/release-index.js';
import type { Plan } from '../publish-edits/branch-writer.js';
import type { Branch } from '../read-branch/branch.js';
import type { LoggedCommit } from '../read-branch/commit-log.js';

/** What became of one push for one release. */
export type DeployOutcome =
  | { kind: 'committed'; release: string; path: string; deploy: DeployTrailer; actor: string }
  /** An earlier attempt made the commit already. */
  | { kind: 'known'; release: string; path: string; deploy: DeployTrailer; actor: string; commit: string }
  | { kind: 'candidate'; release?: string; deployId?: string; reason: DecisionReason; message: string };

/** One for each push, in their order. An error is that push's alone. */
export type PushOutcome = { ok: true; releases: DeployOutcome[] } | { ok: false; error: unknown };

export interface PlanContext {
  registry: Registry;
  now: Date;
}

/** Who is named where nobody asked: the push itself did. */
export const AUTOMATIC_ACTOR = 'ship-it';
/** Clocks of registries and of the machines that commit may differ by so much. */
const CLOCK_SLACK_MS = 60 * 60 * 1000;

/** Decides on all pushes of a window, on one tip, oldest first, and folds what is to be done into one commit. */
export async function planDeploys(
  pushes: readonly ImagePushed[],
  branch: Branch,
  context: PlanContext,
): Promise<Plan<PushOutcome[]>> {
  const oldest = Math.min(...pushes.map((push) => Date.parse(push.data.pushedAt)));
  const commits = await branch.commits(new Date(oldest - CLOCK_SLACK_MS));
  const planning = new DeployPlanning(branch, commits, context);
  const inOrder = [...pushes.entries()].sort(([, a], [, b]) => comparePushes(a, b));
  const outcomes: PushOutcome[] = [];
  for (const [at, push] of inOrder) outcomes[at] = await planning.add(push);
  return { commit: planning.commit(), outcome: outcomes.map((outcome) => planning.settle(outcome)) };
}

type CommittedDeploy = DeployOutcome & { kind: 'committed' };

interface AcceptedDeploy {
  outcome: CommittedDeploy;
  push: ImagePushed;
}

class DeployPlanning {
  private readonly texts = new Map<string, string>();
  private readonly accepted = new Map<string, AcceptedDeploy>();
  private readonly known: ReadonlyMap<string, { deploy: DeployTrailer; commit: string; actor: string }>;
  private readonly locks: ReadLocks;
  private readonly times: TagTimes;

  constructor(
    private readonly branch: Branch,
    private readonly commits: readonly LoggedCommit[],
    private readonly context: PlanContext,
  ) {
    this.known = new Map(
      commits.flatMap(({ id, trailers }) =>
        trailers.deploys.map((deploy) => [deploy.id, { deploy, commit: id, actor: trailers.actor ?? AUTOMATIC_ACTOR }]),
      ),
    );
    this.locks = branch.locks();
    this.times = new TagTimes(context.registry, commits);
  }

  async add(push: ImagePushed): Promise<PushOutcome> {
    try {
      const using = this.branch.index.using(push.data.image);
      const releases: DeployOutcome[] = [];
      for (const release of using) releases.push(await this.decide(push, this.current(release)));
      return { ok: true, releases: [...releases, ...this.outsideOfReleases(push, using)] };
    } catch (error) {
      return { ok: false, error };
    }
  }

  /** A newer push of the same window has taken an older one's place. */
  settle(outcome: PushOutcome): PushOutcome {
    if (!outcome.ok) return outcome;
    return { ok: true, releases: outcome.releases.map((release) => this.supersede(release)) };
  }

  commit(): Plan<unknown>['commit'] {
    const deploys = [...this.accepted.values()].map(({ outcome }) => outcome.deploy);
    const [first, ...others] = deploys;
    if (!first) return undefined;
    const traceIds = [...this.accepted.values()].map(({ push }) => push.traceparent?.split('-')[1]);
    const message = formatDeployCommit({
      deploys: [first, ...others],
      traceIds: [...new Set(traceIds.filter((id) => id !== undefined))],
      actor: AUTOMATIC_ACTOR,
    });
    return { message, files: this.texts };
  }

  private async decide(push: ImagePushed, release: IndexedRelease): Promise<DeployOutcome> {
    const deployId = deployIdFor(push, release.key);
    const known = this.known.get(deployId);
    if (known) return { kind: 'known', release: release.key, path: release.path, ...known };
    const same = this.accepted.get(keyOf(release.key, canonicalRepository(push.data.image)))?.outcome;
    if (same?.deploy.id === deployId) return same;
    if (this.branch.index.isDeclaredTwice(release.key)) {
      return this.candidate(release, deployId, decideDeclaredTwice(release.key));
    }
    const decision = await this.judge(push, release);
    if (decision.action === 'none') return this.candidate(release, deployId, decision);
    return this.accept(push, release, { deployId, text: decision.text });
  }

  private async judge(push: ImagePushed, release: IndexedRelease): Promise<DeployDecision> {
    const { image, pushedAt, isOrderKnown } = push.data;
    const repository = canonicalRepository(image);
    const places = release.images.get(repository) ?? [];
    const { autodeploy, tagPolicy } = release.settings;
    const locks = this.locks.ok ? lockOf(this.locks.locks, release.key, this.context.now) : undefined;
    const held = isResumeOf(push, release.key) ? undefined : await this.heldByPerson(release, repository);
    const toDecide = {
      release: release.key,
      pushed: { ...image, pushedAt: isOrderKnown ? pushedAt : undefined },
      current: await Promise.all(places.map((place) => this.dated(place.image, push, release))),
      autodeploy,
      tagPolicy,
      isSuspended: release.document.spec?.suspend ?? false,
      lock: locks && held !== undefined ? { ...locks, held: [...locks.held, held] } : locks,
    };
    const { path, document } = release;
    return decideDeploy(toDecide, { path, text: this.text(path), document: document.document });
  }

  /** What stands in the file, with the time of its push where that decides. Versions decide without asking the registry. */
  private async dated(
    image: ImageReference,
    { data }: ImagePushed,
    { settings: { tagPolicy }, path }: IndexedRelease,
  ): Promise<CurrentImage> {
    if (tagPolicy && compareImages(tagPolicy, image, data.image) !== 'unknown') return image;
    const dated = await this.times.of(image);
    if (!dated.isGone) return dated;
    const since = new Date(data.pushedAt);
    return { ...dated, isChangedSince: await wasChangedSince(this.branch.repository, this.commits, { path, since }) };
  }

  private async heldByPerson(release: IndexedRelease, repository: string): Promise<string | undefined> {
    const { tagPolicy } = release.settings;
    const past = { commits: this.commits, times: this.times, history: this.branch.history };
    for (const place of release.images.get(repository) ?? []) {
      if (this.accepted.has(keyOf(release.key, repository))) return undefined;
      const question = { release: release.key, path: release.path, repository, place, tagPolicy };
      const reason = await findStepBack(question, past);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }

  private accept(
    push: ImagePushed,
    release: IndexedRelease,
    { deployId, text }: { deployId: string; text: string },
  ): DeployOutcome {
    const { image, pushedAt } = push.data;
    const repository = canonicalRepository(image);
    const key = keyOf(release.key, repository);
    const before = this.accepted.get(key)?.outcome.deploy;
    const from = before?.from ?? release.images.get(repository)?.[0]?.image.tag ?? '';
    this.texts.set(release.path, text);
    this.times.learn(image, pushedAt);
    const { tag, digest } = image;
    const { key: name, path } = release;
    const deploy = { release: name, repository, tag, digest, from, pushed: pushedAt, id: deployId, push: push.pushid };
    const outcome: CommittedDeploy = { kind: 'committed', release: name, path, deploy, actor: AUTOMATIC_ACTOR };
    this.accepted.set(key, { outcome, push });
    return outcome;
  }

  private supersede(outcome: DeployOutcome): DeployOutcome {
    if (outcome.kind !== 'committed') return outcome;
    const { release, deploy } = outcome;
    const winner = this.accepted.get(keyOf(release, deploy.repository))?.outcome.deploy;
    if (!winner || winner.id === deploy.id) return outcome;
    return { kind: 'candidate', release, deployId: deploy.id, ...told(decideSuperseded(winner)) };
  }

  private outsideOfReleases(push: ImagePushed, using: readonly IndexedRelease[]): DeployOutcome[] {
    const unreadable = this.branch.index.unreadableMentioning(push.data.image);
    const unused = using.length + unreadable.length > 0 ? [] : [decideUnused(push.data.image, this.branch.folder)];
    const decisions = [...unreadable.map(decideUnreadable), ...unused];
    return decisions.map((decision) => ({ kind: 'candidate', ...told(decision) }));
  }

  private candidate({ key }: IndexedRelease, deployId: string, decision: PushDecision): DeployOutcome {
    return { kind: 'candidate', release: key, deployId, ...told(decision) };
  }

  /** The release as it is after the edits that were already decided. */
  private current(release: IndexedRelease): IndexedRelease {
    const text = this.texts.get(release.path);
    if (text === undefined) return release;
    const file = readReleaseDocuments(release.path, text);
    const document = file.releases.find((one) => one.document === release.document.document);
    return document ? indexRelease(document) : release;
  }

  private text(path: string): string {
    return this.texts.get(path) ?? this.branch.index.text(path) ?? '';
  }
}

function told({ reason, message }: PushDecision): Pick<PushDecision, 'reason' | 'message'> {
  return { reason, message };
}

/** A push that a resume asked for is a deployment of its own for the resumed release. */
function deployIdFor(push: ImagePushed, release: string): string {
  return isResumeOf(push, release) && push.deployid !== undefined
    ? push.deployid
    : deployIdOf({ ...push.data.image, release });
}

function isResumeOf(push: ImagePushed, release: string): boolean {
  if (push.data.origin !== 'resume' || push.pushid === undefined) return false;
  return push.deployid === requestDeployIdOf({ release, requestId: push.pushid });
}

function comparePushes(a: ImagePushed, b: ImagePushed): number {
  return Date.parse(a.data.pushedAt) - Date.parse(b.data.pushedAt) || (a.id < b.id ? -1 : 1);
}

function keyOf(release: string, repository: string): string {
  return `${release} ${repository}`;
}
