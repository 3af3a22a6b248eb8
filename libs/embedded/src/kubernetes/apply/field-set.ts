import { isObject, type JsonObject } from '../json.js';

/** A set of fields of one object, as a tree. Path elements are written as in `fieldsV1`: `f:name`, `k:{…}`, `v:…`. */
export interface FieldSet {
  owned: boolean;
  children: Map<string, FieldSet>;
}

export function emptySet(): FieldSet {
  return { owned: false, children: new Map() };
}

export function leaf(): FieldSet {
  return { owned: true, children: new Map() };
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.owned && set.children.size === 0;
}

/** Puts `child` into `parent`, unless it is empty. */
export function addChild(parent: FieldSet, element: string, child: FieldSet): void {
  if (!isEmptySet(child)) parent.children.set(element, child);
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSet = { owned: left.owned || right.owned, children: new Map(left.children) };
  for (const [element, child] of right.children) {
    const other = left.children.get(element);
    result.children.set(element, other ? union(other, child) : child);
  }
  return result;
}

/** The set with every field that leads to one of its own. */
export function withParents(set: FieldSet): FieldSet {
  const children = [...set.children].map(([element, child]) => [element, withParents(child)] as const);
  return { owned: true, children: new Map(children) };
}

export function difference(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSet = { owned: left.owned && !right.owned, children: new Map() };
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    addChild(result, element, other ? difference(child, other) : child);
  }
  return result;
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  const result: FieldSet = { owned: left.owned && right.owned, children: new Map() };
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    if (other) addChild(result, element, intersection(child, other));
  }
  return result;
}

export function sameSet(left: FieldSet, right: FieldSet): boolean {
  return isEmptySet(difference(left, right)) && isEmptySet(difference(right, left));
}

/** The set without one whole branch (`f:status`). */
export function withoutBranch(set: FieldSet, ...path: string[]): FieldSet {
  const [first, ...rest] = path;
  const child = first === undefined ? undefined : set.children.get(first);
  if (first === undefined || !child) return set;
  const children = new Map(set.children);
  children.delete(first);
  const result = { ...set, children };
  const kept = rest.length > 0 ? withoutBranch(child, ...rest) : emptySet();
  addChild(result, first, kept.children.size === 0 && kept !== child ? emptySet() : kept);
  return result;
}

export function encodeFields(set: FieldSet): JsonObject {
  if (set.children.size === 0) return {};
  const children = [...set.children].map(([element, child]) => [element, encodeFields(child)] as const);
  return { ...(set.owned && { '.': {} }), ...Object.fromEntries(children) };
}

export function decodeFields(fields: JsonObject): FieldSet {
  return { ...decodeNode(fields), owned: false };
}

function decodeNode(fields: JsonObject): FieldSet {
  const entries = Object.entries(fields).filter(([element]) => element !== '.');
  const children = new Map(entries.map(([element, child]) => [element, decodeNode(isObject(child) ? child : {})]));
  return { owned: '.' in fields || children.size === 0, children };
}

/** `.spec.template.spec.containers[name="app"].image`, for every field that is owned itself. */
export function fieldPaths(set: FieldSet, prefix = ''): string[] {
  const own = set.owned ? [prefix] : [];
  const below = [...set.children].flatMap(([element, child]) => fieldPaths(child, prefix + tellElement(element)));
  return [...own, ...below];
}

function tellElement(element: string): string {
  const text = element.slice(2);
  if (element.startsWith('f:')) return `.${text}`;
  if (element.startsWith('v:')) return `[=${text}]`;
  const key = JSON.parse(text) as JsonObject;
  const parts = Object.entries(key).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return `[${parts.join(',')}]`;
}
