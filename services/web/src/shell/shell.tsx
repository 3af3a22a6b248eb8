import { Alert, AppShell, Badge, Group, Text } from '@mantine/core';
import { Link, Outlet } from '@tanstack/react-router';
import { type Connection, useLiveEvents } from '../live/use-live-events.js';
import { SignIn } from './sign-in.js';

const badges: Readonly<Record<Connection, [color: string, text: string]>> = {
  connecting: ['gray', 'Connecting'],
  live: ['green', 'Live'],
  away: ['red', 'Server not reachable'],
  refused: ['red', 'Not signed in'],
};

/** The frame of every page. */
export function Shell() {
  const connection = useLiveEvents(true);
  const [color, text] = badges[connection];
  return (
    <AppShell header={{ height: 56 }} padding="md">
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between">
          <Group gap="lg">
            <Text fw={700}>Ship-it</Text>
            <Link to="/">Releases</Link>
            <Link to="/activity">Activity</Link>
          </Group>
          <Badge color={color} variant="dot" data-connection={connection}>
            {text}
          </Badge>
        </Group>
      </AppShell.Header>
      <AppShell.Main>
        {connection === 'away' && (
          <Alert color="red" mb="md" title="The server is not reachable">
            What stands here may be out of date. The page tries again by itself.
          </Alert>
        )}
        {connection === 'refused' ? <SignIn /> : <Outlet />}
      </AppShell.Main>
    </AppShell>
  );
}
