import { Chip, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { releaseStates, type ReleaseState, type ReleaseSummary } from '@shipit/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../session/api.js';
import { ProblemAlert } from '../shell/problem-alert.js';
import { StateBadge } from '../shell/state-badge.js';
import { TimeAgo } from '../shell/time-ago.js';
import { searchReleases, shortImage } from './search-releases.js';

/** What runs where, since when and by whom. */
export function ReleasesPage() {
  const { data = [], error, isPending } = useQuery({ queryKey: ['releases'], queryFn: api.releases });
  const [text, setText] = useState('');
  const [states, setStates] = useState<string[]>([]);
  const shown = searchReleases(data, text, states as ReleaseState[]);
  return (
    <Stack>
      <ProblemAlert error={error} />
      <Group>
        <TextInput
          aria-label="Search"
          placeholder="Search by name, squad, image or state"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          w={320}
        />
        <Chip.Group multiple value={states} onChange={setStates}>
          <Group gap="xs">
            {releaseStates.map((state) => (
              <Chip key={state} value={state} size="xs">
                {state} {data.filter((release) => release.state === state).length}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Group>
      <ReleaseTable releases={shown} />
      {shown.length === 0 && !isPending && (
        <Text c="dimmed">
          {data.length === 0 ? 'No release yet: add a HelmRelease file to the repository.' : 'No release matches.'}
        </Text>
      )}
    </Stack>
  );
}

function ReleaseTable({ releases }: { releases: readonly ReleaseSummary[] }) {
  return (
    <Table highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          {['Release', 'Squad', 'State', 'Image', 'Chart', 'Revision', 'Since', 'By'].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {releases.map((release) => (
          <ReleaseRow key={release.release} release={release} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function ReleaseRow({ release }: { release: ReleaseSummary }) {
  const { namespace, name } = release;
  return (
    <Table.Tr data-release={release.release}>
      <Table.Td>
        <Link to="/releases/$namespace/$name" params={{ namespace, name }}>
          {namespace === 'default' ? name : release.release}
        </Link>
      </Table.Td>
      <Table.Td>{release.squad}</Table.Td>
      <Table.Td title={release.message}>
        <StateBadge state={release.state} />
      </Table.Td>
      <Table.Td title={release.images.join('\n')}>{release.images.map(shortImage).join(', ')}</Table.Td>
      <Table.Td>{release.chart}</Table.Td>
      <Table.Td>{release.revision}</Table.Td>
      <Table.Td>
        <TimeAgo at={release.since} />
      </Table.Td>
      <Table.Td>{release.by}</Table.Td>
    </Table.Tr>
  );
}
