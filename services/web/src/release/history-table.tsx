import { Code, Table, Text } from '@mantine/core';
import type { HistoryEntry } from '@shipit/contracts';
import type { z } from 'zod';
import { shortImage } from '../releases/search-releases.js';
import { StateBadge } from '../shell/state-badge.js';
import { TimeAgo } from '../shell/time-ago.js';

/** The last revisions of a release, newest first. */
export function HistoryTable({ entries }: { entries: readonly z.infer<typeof HistoryEntry>[] }) {
  if (entries.length === 0) return <Text c="dimmed">Nothing was deployed yet.</Text>;
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          {['Revision', 'State', 'Image', 'Chart', 'Commit', 'By', 'When', 'Took'].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={`${entry.revision}-${entry.state}-${entry.at}`}>
            <Table.Td>{entry.revision}</Table.Td>
            <Table.Td title={entry.reason}>
              <StateBadge state={entry.state} />
            </Table.Td>
            <Table.Td>{entry.images.map(shortImage).join(', ')}</Table.Td>
            <Table.Td>{entry.chart}</Table.Td>
            <Table.Td>
              <Code>{entry.commit.slice(0, 7)}</Code>
            </Table.Td>
            <Table.Td>{entry.by}</Table.Td>
            <Table.Td>
              <TimeAgo at={entry.at} />
            </Table.Td>
            <Table.Td>{entry.tookSeconds === undefined ? '' : `${Math.round(entry.tookSeconds)} s`}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
