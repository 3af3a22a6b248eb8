import type { ReleaseState, ReleaseSummary } from '@shipit/contracts';

/** Releases whose name, squad, state, chart or images hold the text, whatever the case, and whose state is one of those chosen (none: all). */
export function searchReleases(
  releases: readonly ReleaseSummary[],
  text: string,
  states: readonly ReleaseState[],
): ReleaseSummary[] {
  const wanted = text.trim().toLowerCase();
  return releases.filter(
    (release) => (states.length === 0 || states.includes(release.state)) && searchable(release).includes(wanted),
  );
}

/** `word-counts:78bc9cc` for an image with a registry, a long tag and a digest. */
export function shortImage(image: string): string {
  const name = image.split('@')[0]?.split('/').at(-1) ?? image;
  return name.replace(/:([0-9a-f]{7})[0-9a-f]{33}$/, ':$1');
}

function searchable({ release, squad = '', state, chart, images }: ReleaseSummary): string {
  return [release, squad, state, chart, ...images].join(' ').toLowerCase();
}
