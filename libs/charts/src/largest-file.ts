import type { ChartError } from './chart-error.js';
import type { ChartArchive } from './chart-renderer.js';
import { readArchive } from './read-archive.js';

interface Sized {
  what: string;
  bytes: number;
}

/** Where the engine was stopped while it read, what it read is rarely a riddle: the largest of it is named. */
export async function nameLargest(
  error: ChartError,
  { archive, name }: ChartArchive,
  layers: readonly Record<string, unknown>[] = [],
): Promise<ChartError> {
  if (!error.isWhileReading) return error;
  const files = await readArchive('Reading it', archive).catch(() => new Map<string, Uint8Array>());
  const sizes: Sized[] = [
    ...[...files].map(([path, bytes]) => ({ what: `${name}/${path}`, bytes: bytes.length })),
    ...layers.map((layer) => ({ what: nameOf(layer), bytes: JSON.stringify(layer).length })),
  ];
  const [largest] = sizes.sort((a, b) => b.bytes - a.bytes);
  return largest ? error.withHint(`; the largest of them is ${largest.what} (${shown(largest.bytes)})`) : error;
}

function nameOf({ name }: Record<string, unknown>): string {
  return typeof name === 'string' ? name : 'the values of the release';
}

function shown(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KiB` : `${Math.round(bytes / 1024 / 1024)} MiB`;
}
