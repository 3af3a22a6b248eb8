import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Loading } from '../shell/loading.js';
import { ProblemAlert } from '../shell/problem-alert.js';
import { useTitle } from '../shell/use-title.js';
import { EventLine } from './event-line.js';
import { feedQuery } from './feed-query.js';

/** Everything that happened, newest first. */
export function ActivityPage() {
  useTitle('Activity');
  const { data, error } = useQuery(feedQuery(useQueryClient()));
  return (
    <>
      <h1 className="visually-hidden">Activity</h1>
      <ProblemAlert error={error} />
      {!data && !error && <Loading rows={6} />}
      {data?.length === 0 && <p className="dimmed">Nothing has happened yet. Push an image.</p>}
      <ol className="feed" aria-label="Activity">
        {data?.map((logged) => (
          <EventLine key={logged.cursor} logged={logged} />
        ))}
      </ol>
    </>
  );
}
