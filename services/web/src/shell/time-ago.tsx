import { Text } from '@mantine/core';
import { useEffect, useState } from 'react';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const words = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `5 minutes ago`, with the exact time on hover. */
export function TimeAgo({ at }: { at: string | undefined }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 10_000);
    return () => clearInterval(timer);
  }, []);
  if (!at || Number.isNaN(Date.parse(at))) return null;
  return (
    <Text span size="sm" c="dimmed" title={new Date(at).toLocaleString()}>
      {ago(Math.max(0, (now - Date.parse(at)) / 1000))}
    </Text>
  );
}

function ago(seconds: number): string {
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units[3];
  return words.format(-Math.floor(seconds / size), unit);
}
