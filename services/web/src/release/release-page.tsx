import { Anchor, Button, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import type { ReleaseDetail } from '@shipit/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { shortImage } from '../releases/search-releases.js';
import { api } from '../session/api.js';
import { ProblemAlert } from '../shell/problem-alert.js';
import { StateBadge } from '../shell/state-badge.js';
import { HistoryTable } from './history-table.js';
import { ResourceTable } from './resource-table.js';
import { RollbackDialog } from './rollback-dialog.js';
import { WayTimeline } from './way-timeline.js';

/** One release: its way from push to now, its objects, its past. */
export function ReleasePage({ releaseKey: key }: { releaseKey: string }) {
  const { data: release, error } = useQuery({ queryKey: ['release', key], queryFn: () => api.release(key) });
  const explained = useQuery({ queryKey: ['release', key, 'explain'], queryFn: () => api.explain(key) });
  const resources = useQuery({
    queryKey: ['release', key, 'resources'],
    queryFn: () => api.resources(key),
    refetchInterval: 2_000,
  });
  const history = useQuery({ queryKey: ['release', key, 'history'], queryFn: () => api.history(key) });
  return (
    <Stack>
      <ProblemAlert error={error} />
      {release && <Heading release={release} />}
      <Tabs defaultValue="way">
        <Tabs.List>
          <Tabs.Tab value="way">Way</Tabs.Tab>
          <Tabs.Tab value="objects">Objects</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="way" pt="md">
          <ProblemAlert error={explained.error} />
          <WayTimeline steps={explained.data?.steps ?? []} />
        </Tabs.Panel>
        <Tabs.Panel value="objects" pt="md">
          <ProblemAlert error={resources.error} />
          <ResourceTable resources={resources.data ?? []} />
        </Tabs.Panel>
        <Tabs.Panel value="history" pt="md">
          <ProblemAlert error={history.error} />
          <HistoryTable entries={history.data ?? []} />
        </Tabs.Panel>
      </Tabs>
    </Stack>
  );
}

function Heading({ release }: { release: ReleaseDetail }) {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Group>
          <Title order={2}>{release.name}</Title>
          <StateBadge state={release.state} />
        </Group>
        <Button
          color="orange"
          variant="light"
          onClick={() => setIsAsking(true)}
          disabled={release.revision === undefined}
        >
          Roll back
        </Button>
      </Group>
      <Text>{release.message}</Text>
      <Text size="sm" c="dimmed">
        {[
          release.release,
          release.cluster,
          release.squad,
          release.chart,
          `revision ${release.revision ?? '–'}`,
          ...release.images.map(shortImage),
        ]
          .filter(Boolean)
          .join(' · ')}
      </Text>
      <Links links={release.links} />
      <RollbackDialog release={release} isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </Stack>
  );
}

function Links({ links }: { links: ReleaseDetail['links'] }) {
  const shown = (['code', 'dashboard', 'logs'] as const).flatMap((name) =>
    isHttp(links[name]) ? [[name, links[name]] as const] : [],
  );
  return (
    <Group gap="md">
      {shown.map(([name, href]) => (
        <Anchor key={name} href={href} target="_blank" rel="noreferrer" size="sm">
          {name}
        </Anchor>
      ))}
      {links.slack && <Text size="sm">{links.slack}</Text>}
    </Group>
  );
}

function isHttp(href: string | undefined): href is string {
  return href !== undefined && /^https?:\/\//.test(href);
}
