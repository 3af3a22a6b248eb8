import { Button, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../session/api.js';
import { ServerProblem } from '../session/fetch-api.js';

/** Asks for the bearer token that the server wants, and tries it before it is kept. */
export function SignIn({ wasRefused, onToken }: { wasRefused: boolean; onToken: (token: string) => void }) {
  const [text, setText] = useState('');
  const token = text.trim();
  const attempt = useMutation({ mutationFn: () => api.checkToken(token), onSuccess: () => onToken(token) });
  const problem = attempt.error ? explain(attempt.error) : wasRefused && 'The server did not accept your token.';
  return (
    <Paper withBorder p="xl" maw={460} mx="auto" mt={48}>
      <form onSubmit={(event) => (event.preventDefault(), attempt.mutate())}>
        <Stack>
          <Title order={1} size="h3">
            Sign in
          </Title>
          <Text size="sm">This server wants a token. Whoever runs Ship-it has given you one.</Text>
          <PasswordInput
            label="Token"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={problem}
            autoComplete="current-password"
            autoFocus
          />
          <Button type="submit" disabled={token === ''} loading={attempt.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}

function explain(error: Error): string {
  return error instanceof ServerProblem && error.status === 401
    ? 'The server does not accept this token.'
    : error.message;
}
