import { Badge, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, type LoggedEvent } from '../session/api.js';
import { ProblemAlert } from '../shell/problem-alert.js';
import { TimeAgo } from '../shell/time-ago.js';
import { describeEvent } from './describe-event.js';

/** Everything that happened, newest first. */
export function ActivityPage() {
  const { data = [], error, isPending } = useQuery({ queryKey: ['events'], queryFn: api.events });
  return (
    <Stack gap="xs">
      <ProblemAlert error={error} />
      {data.length === 0 && !isPending && <Text c="dimmed">Nothing has happened yet. Push an image.</Text>}
      {data.map((logged) => (
        <EventLine key={logged.cursor} logged={logged} />
      ))}
    </Stack>
  );
}

function EventLine({ logged: { event } }: { logged: LoggedEvent }) {
  const release = 'release' in event.data ? event.data.release : undefined;
  return (
    <Group gap="sm" wrap="nowrap" data-event={event.type}>
      <Badge variant="light" size="sm" miw={150}>
        {event.type}
      </Badge>
      <Text size="sm" fw={600}>
        {release}
      </Text>
      <Text size="sm">{describeEvent(event)}</Text>
      <TimeAgo at={event.time} />
    </Group>
  );
}
