import type { HelmRelease, ReleaseState } from '@shipit/contracts';
import type { RevisionHead } from './revision-store.js';
import type { Failure } from './progress.js';
import type { Target } from './target.js';

/** A release as it was read, for telling how it stands. */
export interface SeenRelease {
  release: HelmRelease;
  clusterName: string;
  /** The release records, newest first. */
  heads: readonly RevisionHead[];
  now: Date;
}

/** What one pass works on. */
export interface ReleasePass extends SeenRelease {
  key: string;
  target: Target;
  /** Another release that made what is installed at the target. */
  holder?: HelmRelease | undefined;
  signal: AbortSignal;
}

/** How the release stands after one action. */
export interface Outcome {
  state: ReleaseState;
  reason: string;
  message: string;
  /** What is to be blamed, where the state is Failed. */
  failure?: Failure | undefined;
  /** The health of what runs, where it was looked at. */
  isHealthy?: boolean | undefined;
  healthMessage?: string | undefined;
  /** Look again then, even if nothing changes. */
  lookAgainAt?: Date | undefined;
  /** There is a next action at once. */
  goOn?: boolean;
  /** The inputs that were refused before a revision was begun. */
  refusedInputs?: string | undefined;
  /** The revision the action worked on, as it is now. */
  head?: RevisionHead | undefined;
  isSuspended?: boolean;
}

/** Seconds from now. */
export function inSeconds(now: Date, seconds: number): Date {
  return new Date(now.getTime() + seconds * 1000);
}
