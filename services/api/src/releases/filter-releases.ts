import { ReleaseKey, ReleaseState, type ReleaseSummary } from '@shipit/contracts';
import { z } from 'zod';

/** Query of `GET /releases`. Text is looked for in name, squad, state, chart and images, whatever the case. */
export const ReleaseQuery = z.strictObject({
  text: z.string().max(200).optional(),
  cluster: z.string().max(63).optional(),
  namespace: z.string().max(63).optional(),
  squad: z.string().max(100).optional(),
  state: z
    .union([ReleaseState, z.array(ReleaseState)])
    .transform((states) => [states].flat())
    .optional(),
  image: z.string().max(600).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: ReleaseKey.optional(),
});
export type ReleaseQuery = z.infer<typeof ReleaseQuery>;

/** One page of releases, ordered by name. The cursor is the last release of the page before. */
export function filterReleases(
  all: readonly ReleaseSummary[],
  query: ReleaseQuery,
): { items: ReleaseSummary[]; nextCursor?: string } {
  const { cursor = '', limit } = query;
  const matching = all
    .filter((release) => release.release > cursor && matches(release, query))
    .sort((a, b) => (a.release < b.release ? -1 : 1));
  const items = matching.slice(0, limit);
  const last = items.at(-1);
  return matching.length > limit && last ? { items, nextCursor: last.release } : { items };
}

function matches(release: ReleaseSummary, { text, cluster, namespace, squad, state, image }: ReleaseQuery): boolean {
  const exact = [
    [cluster, release.cluster],
    [namespace, release.namespace],
    [squad, release.squad],
  ] as const;
  if (exact.some(([wanted, value]) => wanted !== undefined && wanted !== value)) return false;
  if (state && !state.includes(release.state)) return false;
  if (image !== undefined && !release.images.some((one) => one.includes(image))) return false;
  return text === undefined || searchable(release).includes(text.toLowerCase());
}

function searchable({ release, squad = '', state, chart, images }: ReleaseSummary): string {
  return [release, squad, state, chart, ...images].join(' ').toLowerCase();
}
