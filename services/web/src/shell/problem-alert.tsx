import { Alert } from '@mantine/core';
import { ServerProblem } from '../session/fetch-api.js';
import { ReadableText } from '../text/readable-text.js';

/** Why something cannot be shown. Silent where nobody answers or the token is refused: the frame of the page tells that, once. */
export function ProblemAlert({ error }: { error: Error | null }) {
  if (!error || (error instanceof ServerProblem && [0, 401].includes(error.status))) return null;
  return (
    <Alert color="red" title="This cannot be shown">
      <ReadableText>{error.message}</ReadableText>
    </Alert>
  );
}
