import { type QueryClient, queryOptions } from '@tanstack/react-query';
import { api, type LoggedEvent } from '../session/api.js';
import { mergeFeed } from './merge-feed.js';

/** The feed: read once, then kept up by the stream. What the stream brought while it was read is not lost. */
export function feedQuery(queries: QueryClient) {
  return queryOptions({
    queryKey: ['events'],
    queryFn: async ({ signal }) => mergeFeed(await api.events(signal), feedOf(queries)),
    staleTime: Infinity,
    refetchInterval: false,
    gcTime: Infinity,
  });
}

export function addToFeed(queries: QueryClient, events: readonly LoggedEvent[]): void {
  queries.setQueryData(['events'], mergeFeed(events, feedOf(queries)));
}

function feedOf(queries: QueryClient): LoggedEvent[] {
  return queries.getQueryData<LoggedEvent[]>(['events']) ?? [];
}
