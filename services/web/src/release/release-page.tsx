import { Stack } from '@mantine/core';
import type { ReleaseDetail } from '@shipit/contracts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api } from '../session/api.js';
import { refetchEvery } from '../session/refetch-every.js';
import { Loading } from '../shell/loading.js';
import { ProblemAlert } from '../shell/problem-alert.js';
import { useTitle } from '../shell/use-title.js';
import { HistoryTable } from './history-table.js';
import { ObjectList } from './object-list.js';
import { ReleaseHeading } from './release-heading.js';
import { WayTimeline } from './way-timeline.js';

/** One release: its way from push to now, its objects, its past. */
export function ReleasePage({ releaseKey: key }: { releaseKey: string }) {
  useTitle(key.split('/')[1] ?? key);
  const release = useQuery({ queryKey: ['release', key], queryFn: ({ signal }) => api.release(key, signal) });
  const explained = useQuery({
    queryKey: ['release', key, 'explain'],
    queryFn: ({ signal }) => api.explain(key, signal),
  });
  const objects = useQuery({
    queryKey: ['release', key, 'resources'],
    queryFn: ({ signal }) => api.resources(key, signal),
    // No event tells of a pod: they are asked for, more often while something is under way.
    refetchInterval: refetchEvery(isUnderWay(release.data) ? 2_000 : 10_000),
  });
  const history = useQuery({
    queryKey: ['release', key, 'history'],
    queryFn: ({ signal }) => api.history(key, signal),
  });
  return (
    <Stack gap="lg">
      <ProblemAlert error={release.error} />
      {release.data ? <ReleaseHeading release={release.data} /> : !release.error && <Loading rows={3} />}
      <div className="columns">
        <Section title="Way from push to now" query={explained}>
          {(explanation) => <WayTimeline steps={explanation.steps} />}
        </Section>
        <Section title="Objects" query={objects}>
          {(found) => <ObjectList objects={found} />}
        </Section>
      </div>
      <Section title="History" query={history}>
        {(entries) => <HistoryTable entries={entries} />}
      </Section>
    </Stack>
  );
}

function isUnderWay(release: ReleaseDetail | undefined): boolean {
  return release !== undefined && ['Deploying', 'RollingBack', 'Deleting'].includes(release.state);
}

interface SectionProps<T> {
  title: string;
  query: { data: T | undefined; error: Error | null };
  children: (data: T) => ReactNode;
}

function Section<T>({ title, query: { data, error }, children }: SectionProps<T>) {
  return (
    <section aria-label={title}>
      <h2>{title}</h2>
      <ProblemAlert error={error} />
      {data !== undefined ? children(data) : !error && <Loading rows={3} />}
    </section>
  );
}
