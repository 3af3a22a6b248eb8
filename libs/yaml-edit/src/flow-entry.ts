import type { Node, YAMLMap } from 'yaml';
import { keyText } from './parse-file.js';
import type { Splice } from './text-edit.js';

export type FlowMap = YAMLMap<Node, Node | null>;

/** Texts of keys and values as they are to be written, and keys to take out. */
export interface FlowChange {
  set: ReadonlyMap<string, { name: string; value: string }>;
  remove: ReadonlySet<string>;
}

/** Changes the keys of a map in braces; undefined where a key without a value leaves no place for another. */
export function changeFlow({ items, range }: FlowMap, { set, remove }: FlowChange): Splice[] | undefined {
  const keys = items.map(({ key }) => keyText(key) ?? '');
  const last = keys.findLastIndex((key) => !remove.has(key));
  const added = [...set].filter(([key]) => !keys.includes(key)).map(([, { name, value }]) => `${name}: ${value}`);
  const behind = items.filter((_pair, at) => at === last || set.has(keys[at] ?? ''));
  if (!range) return undefined;
  if (last < 0) return [{ start: range[0], end: range[1], text: `{${added.join(', ')}}` }];
  if (!behind.every(({ value }) => hasText(value))) return undefined;
  const end = endOf(items[last]);
  const lastEnd = hasText(items.at(-1)?.value ?? null) ? endOf(items.at(-1)) : range[1] - 1;
  return [
    ...items.slice(0, last).flatMap((pair, at): Splice[] => {
      if (remove.has(keys[at] ?? '')) return [{ start: startOf(pair), end: startOf(items[at + 1]), text: '' }];
      return replaced(pair, set.get(keys[at] ?? ''));
    }),
    ...replaced(items[last], set.get(keys[last] ?? '')),
    { start: end, end: lastEnd, text: added.map((text) => `, ${text}`).join('') },
  ];
}

function replaced(pair: FlowMap['items'][number] | undefined, to: { value: string } | undefined): Splice[] {
  return to ? [{ start: pair?.value?.range?.[0] ?? 0, end: endOf(pair), text: to.value }] : [];
}

function hasText(value: Node | null): boolean {
  return value?.range !== undefined && value.range !== null && value.range[0] < value.range[1];
}

function startOf(pair: FlowMap['items'][number] | undefined): number {
  return pair?.key.range?.[0] ?? 0;
}

function endOf(pair: FlowMap['items'][number] | undefined): number {
  return pair?.value?.range?.[1] ?? 0;
}
