import { Button, Paper, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { keepToken } from '../session/session.js';

/** Asks for the bearer token that the server wants. */
export function SignIn() {
  const [token, setToken] = useState('');
  const signIn = () => {
    keepToken(token.trim());
    window.location.reload();
  };
  return (
    <Paper withBorder p="lg" maw={440} mx="auto" mt="xl">
      <form onSubmit={(event) => (event.preventDefault(), signIn())}>
        <Stack>
          <Text>This server wants a token. Whoever runs Ship-it has given you one.</Text>
          <PasswordInput
            label="Token"
            value={token}
            onChange={(event) => setToken(event.currentTarget.value)}
            autoFocus
          />
          <Button type="submit" disabled={token.trim() === ''}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Paper>
  );
}
