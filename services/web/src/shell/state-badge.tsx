import type { ReleaseResource, ReleaseState } from '@shipit/contracts';

export type Tone = 'gray' | 'blue' | 'green' | 'red' | 'orange' | 'violet';

const stateTones: Readonly<Record<ReleaseState, Tone>> = {
  Pending: 'gray',
  Deploying: 'blue',
  Deployed: 'green',
  Failed: 'red',
  RollingBack: 'orange',
  RolledBack: 'violet',
  Deleting: 'gray',
};

/** A release that was deployed and does not run as it should any more keeps its state, and does not look well. */
export function StateBadge({ state, reason }: { state: ReleaseState; reason?: string }) {
  const isUnhealthy = reason === 'Unhealthy';
  return (
    <span className={`badge tone-${isUnhealthy ? 'orange' : stateTones[state]}`} data-state={state}>
      {isUnhealthy ? `${state} (Unhealthy)` : state}
    </span>
  );
}

const healthTones: Readonly<Record<ReleaseResource['health'], Tone>> = {
  Current: 'green',
  InProgress: 'blue',
  Failed: 'red',
  Terminating: 'gray',
  Unknown: 'gray',
  NotFound: 'red',
};

export function HealthBadge({ health }: { health: ReleaseResource['health'] }) {
  return (
    <span className={`badge tone-${healthTones[health]}`} data-health={health}>
      {health}
    </span>
  );
}
