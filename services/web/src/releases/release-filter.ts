import { ReleaseState } from '@shipit/contracts';

/** What a list was narrowed to, as it stands in the page's address: `?q=velocity&state=Failed,RolledBack`. */
export interface ReleaseFilter {
  q?: string;
  state?: string;
}

/** Anything may stand in an address: what is not understood is left out. */
export function readFilter(search: Readonly<Record<string, unknown>>): ReleaseFilter {
  // The router reads `q=5` as a number.
  const q = ['string', 'number'].includes(typeof search['q']) ? String(search['q']).slice(0, 200) : '';
  const states = typeof search['state'] === 'string' ? statesOf(search['state']) : [];
  return writeFilter(q, states);
}

export function writeFilter(text: string, states: readonly ReleaseState[]): ReleaseFilter {
  return { ...(text !== '' && { q: text }), ...(states.length > 0 && { state: states.join(',') }) };
}

export function statesOf(state = ''): ReleaseState[] {
  return [...new Set(state.split(','))].flatMap((one) => ReleaseState.safeParse(one).data ?? []);
}
