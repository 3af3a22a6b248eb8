import type { ReleaseState, ReleaseSummary } from '@shipit/contracts';

/** Releases that hold every word of the text in name, squad, state, chart, images or who changed them last, whatever the case, and whose state is one of those chosen (none: all). */
export function searchReleases(
  releases: readonly ReleaseSummary[],
  text: string,
  states: readonly ReleaseState[],
): ReleaseSummary[] {
  const words = text.toLowerCase().split(/\s+/);
  return releases.filter(({ state, ...release }) => {
    if (states.length > 0 && !states.includes(state)) return false;
    const searched = searchable({ state, ...release });
    return words.every((word) => searched.includes(word));
  });
}

/** How many releases are in each state. */
export function countStates(releases: readonly ReleaseSummary[]): ReadonlyMap<ReleaseState, number> {
  const counts = new Map<ReleaseState, number>();
  for (const { state } of releases) counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}

function searchable({ release, squad = '', state, chart, images, by = '' }: ReleaseSummary): string {
  return [release, squad, state, chart, by, ...images].join('\n').toLowerCase();
}
