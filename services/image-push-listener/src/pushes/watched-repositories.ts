import type { ShipitConfig } from '@shipit/contracts';

export type WatchedRegistry = ShipitConfig['registries'][number];

/** Whether configuration asks to watch this repository: by its name, or by one that ends in `*`. */
export function isWatched({ repositories }: WatchedRegistry, repository: string): boolean {
  return repositories === undefined || repositories.some((pattern) => matches(pattern, repository));
}

/** The names that can be asked for without listing the registry; undefined where it must be listed. */
export function exactNames({ repositories }: WatchedRegistry): readonly string[] | undefined {
  return repositories?.every((pattern) => !pattern.endsWith('*')) ? repositories : undefined;
}

function matches(pattern: string, repository: string): boolean {
  return pattern.endsWith('*') ? repository.startsWith(pattern.slice(0, -1)) : repository === pattern;
}
