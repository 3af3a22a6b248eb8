import { Group, Stack, TextInput } from '@mantine/core';
import type { ReleaseState, ReleaseSummary } from '@shipit/contracts';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo } from 'react';
import { api } from '../session/api.js';
import { refetchEvery } from '../session/refetch-every.js';
import { Loading } from '../shell/loading.js';
import { ProblemAlert } from '../shell/problem-alert.js';
import { useTitle } from '../shell/use-title.js';
import type { ReleaseFilter } from './release-filter.js';
import { ReleaseTable } from './release-table.js';
import { countStates, searchReleases } from './search-releases.js';
import { StateChips } from './state-chips.js';
import { useFilter } from './use-filter.js';
import { useSearchKey } from './use-search-key.js';

const none: ReleaseSummary[] = [];

interface ReleasesPageProps {
  address: ReleaseFilter;
  onFilter: (filter: ReleaseFilter) => void;
}

/** What runs where, since when and by whom. */
export function ReleasesPage({ address, onFilter }: ReleasesPageProps) {
  useTitle('Releases');
  const { data, error } = useQuery({
    queryKey: ['releases'],
    queryFn: ({ signal }) => api.releases(signal),
    refetchInterval: refetchEvery(30_000),
  });
  const filter = useFilter(address, onFilter);
  const searchField = useSearchKey();
  const all = data ?? none;
  const counts = useMemo(() => countStates(all), [all]);
  const shown = useShown(all, filter);
  return (
    <Stack gap="md">
      <h1 className="visually-hidden">Releases</h1>
      <ProblemAlert error={error} />
      <Group gap="md">
        <TextInput
          ref={searchField}
          type="search"
          aria-label="Search"
          placeholder="Search name, squad, state, image  ( / )"
          value={filter.text}
          onChange={(event) => filter.setText(event.currentTarget.value)}
          maxLength={200}
          className="search"
        />
        <StateChips counts={counts} chosen={filter.states} onChange={filter.setStates} />
        <span className="dimmed" role="status">
          {data && `${shown.length} of ${all.length}`}
        </span>
      </Group>
      {data ? <ReleaseTable releases={shown} /> : !error && <Loading rows={4} />}
      {data && shown.length === 0 && <Empty isFiltered={all.length > 0} />}
    </Stack>
  );
}

/** Typing stays quick: the list follows when there is time. */
function useShown(all: readonly ReleaseSummary[], filter: { text: string; states: ReleaseState[] }) {
  const text = useDeferredValue(filter.text);
  return useMemo(() => searchReleases(all, text, filter.states), [all, text, filter.states]);
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  return (
    <p className="dimmed">
      {isFiltered ? 'No release matches.' : 'No release yet: add a HelmRelease file to the repository.'}
    </p>
  );
}
