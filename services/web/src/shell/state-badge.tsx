import { Badge } from '@mantine/core';
import type { ReleaseResource, ReleaseState } from '@shipit/contracts';

const stateColors: Readonly<Record<ReleaseState, string>> = {
  Pending: 'gray',
  Deploying: 'blue',
  Deployed: 'green',
  Failed: 'red',
  RollingBack: 'orange',
  RolledBack: 'yellow',
  Deleting: 'gray',
};

export function StateBadge({ state }: { state: ReleaseState }) {
  return (
    <Badge color={stateColors[state]} variant="light" data-state={state}>
      {state}
    </Badge>
  );
}

const healthColors: Readonly<Record<ReleaseResource['health'], string>> = {
  Current: 'green',
  InProgress: 'blue',
  Failed: 'red',
  Terminating: 'gray',
  Unknown: 'gray',
  NotFound: 'red',
};

export function HealthBadge({ health }: { health: ReleaseResource['health'] }) {
  return (
    <Badge color={healthColors[health]} variant="dot" size="sm">
      {health}
    </Badge>
  );
}
