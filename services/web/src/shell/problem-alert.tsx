import { Alert } from '@mantine/core';
import { ServerProblem } from '../session/api.js';

/** Why something cannot be shown. */
export function ProblemAlert({ error }: { error: Error | null }) {
  if (!error) return null;
  const isAway = error instanceof ServerProblem && error.status === 0;
  return (
    <Alert color="red" title={isAway ? 'The server is not reachable' : 'This cannot be shown'}>
      {isAway ? 'What stands here may be out of date. The page tries again by itself.' : error.message}
    </Alert>
  );
}
