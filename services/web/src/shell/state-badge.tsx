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

export function StateBadge({ state }: { state: ReleaseState }) {
  return (
    <span className={`badge tone-${stateTones[state]}`} data-state={state}>
      {state}
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
