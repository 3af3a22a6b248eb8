import { durationMs, type HelmRelease, releaseKey, type RollbackRequested, syncAnnotations } from '@shipit/contracts';

/** What the deployer writes as `status.reason` where the new image cannot run: then, and only then, the image is to blame. */
const imageFaults: ReadonlySet<string> = new Set(['ImageNotFound', 'ContainerCrashing']);

export type RollbackToAsk = RollbackRequested['data'];

export type Judgement =
  | { action: 'none'; reason: string }
  | { action: 'rollback'; request: RollbackToAsk }
  | { action: 'verify' }
  | { action: 'report'; code: string; reason: string };

export interface Surroundings {
  now: Date;
  /** Releases of the same cluster that failed within the outage window, this one included. */
  failing: number;
  /** More failing releases than this are an outage, not bad images. */
  outageReleases: number;
}

/**
 * Judges one release by what its object says. Pure, so every case is one row in a table test.
 *
 * A judgement is made anew each time and names its deployment, so asking twice is harmless.
 */
export function decideRollback(release: HelmRelease, around: Surroundings): Judgement {
  const { status } = release;
  if (!status) return none('not deployed yet');
  if (status.state === 'Deployed') return judgeDeployed(release, around.now);
  if (status.state === 'RollingBack' && status.rollback?.state === 'requested') return askAgain(release);
  if (status.state !== 'Failed') return none(`${status.state}: nothing to judge`);
  return judgeFailed(release, around);
}

function judgeDeployed({ spec, status }: HelmRelease, now: Date): Judgement {
  const since = status?.lastDeployedAt;
  if (!since || status.revision === undefined || !status.commit) return none('not deployed yet');
  if (status.lastVerified?.revision === status.revision) return none('verified');
  if (status.conditions.some(({ type, status: value }) => type === 'Healthy' && value !== 'True'))
    return none('not healthy');
  const isQuietLongEnough = now.getTime() - Date.parse(since) >= durationMs(spec.rollback.watch);
  return isQuietLongEnough ? { action: 'verify' } : none('being watched');
}

/** Redis may have been emptied between the request and its commit: the object still knows that it was asked for. */
function askAgain(release: HelmRelease): Judgement {
  const { rollback } = release.status ?? {};
  if (!rollback?.to) return none('a rollback is under way');
  const isPersons = rollback.cause.kind === 'person';
  return {
    action: 'rollback',
    request: {
      ...judged(release),
      of: rollback.of,
      to: rollback.to,
      cause: rollback.cause,
      by: isPersons ? 'person' : 'watcher',
      actor: rollback.by,
      then: isPersons ? 'hold' : leaves(release),
    },
  };
}

function judgeFailed(release: HelmRelease, around: Surroundings): Judgement {
  const { metadata, spec, status } = release;
  if (!status?.commit) return none('failed before anything was deployed');
  if (status.observedGeneration !== metadata.generation) return none('a newer state is wanted already');
  if (spec.suspend) return none('suspended');
  if (!spec.rollback.automatic) return none('automatic rollback is off');
  if (metadata.annotations?.[syncAnnotations.commit] !== status.commit) return none('a newer commit is wanted already');
  const brake = brakeOn(release, around);
  if (brake) return brake;
  const { lastGood } = status;
  if (!lastGood) return none('no good revision to return to');
  return {
    action: 'rollback',
    request: {
      ...judged(release),
      of: status.commit,
      to: lastGood.commit,
      cause: causeOf(release),
      by: 'watcher',
      actor: 'rollback-watcher',
      then: leaves(release),
    },
  };
}

/** Why nothing may be done although the release failed. */
function brakeOn(release: HelmRelease, { failing, outageReleases }: Surroundings): Judgement | undefined {
  if (release.metadata.annotations?.[syncAnnotations.rollbackOf])
    return report(
      'SHIPIT_ROLLBACK_FAILED',
      'The rollback itself failed. Nothing more is done by itself: fix the release with a commit.',
    );
  const { commit, rollback, lastGood } = release.status ?? {};
  if (rollback && rollback.of === commit && rollback.state !== 'requested')
    return none('its rollback was asked for already');
  if (lastGood && lastGood.commit === commit)
    return none('the commit that failed is the last good one: an input outside of git changed');
  if (failing > outageReleases)
    return report(
      'SHIPIT_OUTAGE',
      `${failing} releases of this cluster failed shortly after one another. That is an outage, not a bad image: automatic rollbacks are held.`,
    );
  return undefined;
}

function judged(release: HelmRelease): Pick<RollbackToAsk, 'release' | 'judgedDeployId' | 'images'> {
  const deployId = release.status?.deployId;
  return {
    release: releaseKey(release.metadata),
    images: broughtImages(release),
    ...(deployId === undefined ? {} : { judgedDeployId: deployId }),
  };
}

function causeOf(release: HelmRelease): RollbackToAsk['cause'] {
  const { reason = '', message = '' } = release.status ?? {};
  return {
    kind: 'release',
    message: message || reason,
    imageAtFault: imageFaults.has(reason) && broughtImages(release).length > 0,
  };
}

/** Images of the judged revision that the last good one did not have. */
function broughtImages({ status }: HelmRelease): string[] {
  const before = status?.history.find(({ revision }) => revision === status.lastGood?.revision)?.images ?? [];
  return status?.images.filter((image) => !before.includes(image)) ?? [];
}

/** A second automatic rollback in a row leaves a hold: two bad pushes one after the other want a person. */
function leaves({ spec, status }: HelmRelease): 'next-image' | 'hold' {
  const last = status?.history.find(({ state }) => state === 'Deployed' || state === 'RolledBack');
  return last?.state === 'RolledBack' ? 'hold' : spec.rollback.then;
}

function none(reason: string): Judgement {
  return { action: 'none', reason };
}

function report(code: string, reason: string): Judgement {
  return { action: 'report', code, reason };
}
