import type { Query } from '@tanstack/react-query';

const brokenMs = 5_000;

/** How long until a query is asked again although no event touched it; sooner while it cannot be answered. */
export function refetchEvery(ms: number) {
  return ({ state }: Pick<Query, 'state'>): number => (state.status === 'error' ? Math.min(ms, brokenMs) : ms);
}
