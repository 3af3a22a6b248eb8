import { Table, Text } from '@mantine/core';
import type { ReleaseResource } from '@shipit/contracts';
import { HealthBadge } from '../shell/state-badge.js';

/** The live objects of a release, each with its health; what an object owns stands below it. */
export function ResourceTable({ resources }: { resources: readonly ReleaseResource[] }) {
  if (resources.length === 0) return <Text c="dimmed">Nothing is installed.</Text>;
  return (
    <Table>
      <Table.Thead>
        <Table.Tr>
          {['Kind', 'Name', 'Health', ''].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {resources.map((resource) => (
          <Table.Tr key={`${resource.kind}/${resource.namespace ?? ''}/${resource.name}`}>
            <Table.Td pl={resource.owner ? 'xl' : 'xs'}>{resource.kind}</Table.Td>
            <Table.Td>{resource.name}</Table.Td>
            <Table.Td>
              <HealthBadge health={resource.health} />
            </Table.Td>
            <Table.Td>
              <Text size="sm">{resource.message}</Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
