import { Skeleton, Stack } from '@mantine/core';

/** Holds the place of what is asked for. */
export function Loading({ rows }: { rows: number }) {
  return (
    <Stack gap="sm" aria-busy="true" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} height={40} />
      ))}
    </Stack>
  );
}
