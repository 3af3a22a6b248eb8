import { useSyncExternalStore } from 'react';

const units = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
] as const;
const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** `5 minutes ago`, with the exact time on hover. */
export function TimeAgo({ at }: { at: string | undefined }) {
  // The words are the snapshot: what reads the same is not drawn anew.
  const words = useSyncExternalStore(subscribe, () => ago((currentTime - Date.parse(at ?? '')) / 1000));
  if (!at || Number.isNaN(Date.parse(at))) return null;
  return (
    <time dateTime={at} title={new Date(at).toLocaleString()} className="time">
      {words}
    </time>
  );
}

function ago(seconds: number): string {
  if (!(seconds >= 5)) return 'just now';
  const [unit, size] = units.find(([, length]) => seconds >= length) ?? units[3];
  return format.format(-Math.floor(seconds / size), unit);
}

// One clock for all: a list of five hundred releases has no five hundred timers.
const tickMs = 1_000;
const listeners = new Set<() => void>();
let currentTime = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    currentTime = Date.now();
    timer = setInterval(tick, tickMs);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function tick(): void {
  currentTime = Date.now();
  for (const listener of listeners) listener();
}
