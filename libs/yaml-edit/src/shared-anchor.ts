import { isAlias, type Node, visit } from 'yaml';
import type { Block } from './keep-entries.js';
import type { RefusalKind } from './refusal.js';

interface SharedAnchor {
  kind: RefusalKind;
  reason: string;
  /** In the file as it is now. */
  offset: number;
}

/** The anchor that ties a block to the rest of its file, which is why an earlier version of it cannot simply take its place. */
export function sharedAnchor(key: string, current: Block, earlier: Block): SharedAnchor | undefined {
  return usedElsewhere(key, current) ?? usedFromElsewhere(key, current, earlier);
}

function usedElsewhere(key: string, current: Block): SharedAnchor | undefined {
  const used = aliasesOutside(current);
  for (const [name, node] of namesIn(current.value).anchors)
    if (used.has(name)) {
      const reason = `The anchor &${name} in ${key} is used elsewhere too, where the value would change`;
      return { kind: 'anchor', reason, offset: node.range?.[0] ?? 0 };
    }
  return undefined;
}

function usedFromElsewhere(key: string, current: Block, earlier: Block): SharedAnchor | undefined {
  const { anchors, aliases } = namesIn(earlier.value);
  const name = [...aliases].find((alias) => !anchors.has(alias));
  if (name === undefined) return undefined;
  const reason = `${key} had the alias *${name} of an anchor that stands elsewhere and is not the same now`;
  return { kind: 'alias', reason, offset: current.value?.range?.[0] ?? 0 };
}

function namesIn(node: Node | null): { anchors: Map<string, Node>; aliases: Set<string> } {
  const names = { anchors: new Map<string, Node>(), aliases: new Set<string>() };
  visit(node, {
    Node(_key, one) {
      if (isAlias(one)) names.aliases.add(one.source);
      else if (one.anchor !== undefined) names.anchors.set(one.anchor, one);
    },
  });
  return names;
}

function aliasesOutside({ document, value }: Block): Set<string> {
  const aliases = new Set<string>();
  visit(document, {
    Node(_key, node) {
      if (node === value) return visit.SKIP;
      if (isAlias(node)) aliases.add(node.source);
      return undefined;
    },
  });
  return aliases;
}
