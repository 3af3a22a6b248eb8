import { ChartError, type Lookup } from '@shipit/charts';
import type { Target } from './target.js';

type Answer = Record<string, unknown> | undefined;

/** What the look-ups of one rendering may be answered with. */
const maxAnswerBytes = 8 * 1024 * 1024;
const maxListItems = 1000;

/**
 * Answers the `lookup` of a chart's templates, for one rendering: with whatever the release's service account may see,
 * or, for a release without one, with objects of its target namespace only.
 *
 * Nothing is answered with nothing but what is not there or none of the release's business: a chart that found its
 * password missing would make a new one. What cannot be read now, or may not be read, is an error.
 *
 * @throws ClusterError
 * @throws ChartError where the answers are too large.
 */
export function lookUpIn(target: Target): (query: Lookup) => Promise<Answer> {
  let bytes = 0;
  return async (query) => {
    const answer = await answerTo(query, target);
    bytes += answer === undefined ? 0 : Buffer.byteLength(JSON.stringify(answer));
    if (bytes <= maxAnswerBytes) return answer;
    throw new ChartError(
      'SHIPIT_CHART_TOO_LARGE',
      `The look-ups of ${target.namespace}/${target.name} are answered with more than ${maxAnswerBytes} bytes, the last one for ${query.kind}`,
    );
  };
}

async function answerTo(query: Lookup, target: Target): Promise<Answer> {
  const { apiVersion, kind, name } = query;
  const { cluster } = target;
  const scope = await cluster.scopeOf(apiVersion, kind);
  if (scope === undefined) return undefined;
  const place = placeOf(query, scope, target);
  if (name !== undefined) return place && cluster.read({ apiVersion, kind, ...place, name });
  // What is too much is not read first.
  const limits = { maxItems: maxListItems, maxPageBytes: maxAnswerBytes };
  const items = place ? await cluster.list({ apiVersion, kind, ...place }, limits) : [];
  return { apiVersion, kind: `${kind}List`, metadata: {}, items };
}

/** Where to look; undefined: nowhere that the release may see. */
function placeOf(
  { namespace, name }: Lookup,
  scope: 'Namespaced' | 'Cluster',
  { namespace: own, serviceAccount }: Target,
): { namespace?: string } | undefined {
  const isByRights = serviceAccount !== undefined;
  if (scope === 'Cluster') return isByRights ? {} : undefined;
  if (namespace !== undefined) return isByRights || namespace === own ? { namespace } : undefined;
  if (name !== undefined) return undefined;
  // A list of all namespaces has what may be seen of it.
  return isByRights ? {} : { namespace: own };
}
