import { isObject, sameJson, type Json, type JsonObject } from '../json.js';
import { ANY, fieldOf, isAtomic, itemKey, type FieldType, type ListType } from '../schema/field-type.js';
import { addChild, emptySet, leaf, type FieldSet } from './field-set.js';

/** One step down from a value: its path element, the value there and what is declared for it. */
interface Step {
  element: string;
  value: Json;
  type: FieldType;
}

/** Every field which a document sets. */
export function fieldsOf(value: Json, type: FieldType): FieldSet {
  const steps = stepsOf(value, type);
  if (!steps) return value === undefined ? emptySet() : leaf();
  const set = emptySet();
  for (const step of steps) {
    const child = fieldsOf(step.value, step.type);
    const isNamedByItself = isItem(step.element) || isEmptyMap(step.value) || step.value === null;
    addChild(set, step.element, isNamedByItself ? { ...child, owned: true } : child);
  }
  return set;
}

export interface FieldChanges {
  /** Added or given another value. */
  changed: FieldSet;
  removed: FieldSet;
}

export function compareFields(before: Json, after: Json, type: FieldType): FieldChanges {
  const changes = { changed: emptySet(), removed: emptySet() };
  const left = stepsOf(before, type);
  const right = stepsOf(after, type);
  if (!left || !right) {
    if (!sameJson(before, after)) changes.changed = after === undefined ? emptySet() : leaf();
    return changes;
  }
  const old = new Map(left.map((step) => [step.element, step]));
  for (const step of right) {
    const previous = old.get(step.element);
    old.delete(step.element);
    if (!previous) {
      addChild(changes.changed, step.element, { ...fieldsOf(step.value, step.type), owned: true });
      continue;
    }
    const below = compareFields(previous.value, step.value, step.type);
    addChild(changes.changed, step.element, below.changed);
    addChild(changes.removed, step.element, below.removed);
  }
  for (const gone of old.values())
    addChild(changes.removed, gone.element, { ...fieldsOf(gone.value, gone.type), owned: true });
  return changes;
}

/** Lays an applied document over the live one: maps and keyed lists field by field, everything else as a whole. */
export function mergeApplied(live: Json, applied: Json, type: FieldType): Json {
  if (applied === undefined) return live;
  if (!stepsOf(live, type) || !stepsOf(applied, type)) return applied;
  if (isObject(live) && isObject(applied)) {
    const result: JsonObject = { ...live };
    for (const [key, value] of Object.entries(applied))
      result[key] = mergeApplied(live[key], value, fieldOf(type, key));
    return result;
  }
  return mergeItems(stepsOf(live, type) ?? [], stepsOf(applied, type) ?? []);
}

/** Takes fields, with all that is below them, out of a document, except where somebody else owns something there. */
export function removeFields(value: Json, type: FieldType, gone: FieldSet, kept: FieldSet): Json {
  const steps = stepsOf(value, type);
  if (!steps || gone.children.size === 0) return value;
  const rest = steps.flatMap((step): Step[] => {
    const hit = gone.children.get(step.element);
    const held = kept.children.get(step.element);
    if (!hit) return [step];
    if (hit.owned && !held) return [];
    return [{ ...step, value: removeFields(step.value, step.type, hit, held ?? emptySet()) }];
  });
  if (Array.isArray(value)) return rest.map((step) => step.value);
  return Object.fromEntries(rest.map((step) => [step.element.slice(2), step.value]));
}

/** The order of the applied list leads; items known only to the live one keep their place before the next shared item. */
function mergeItems(live: Step[], applied: Step[]): Json[] {
  const wanted = new Map(applied.map((step) => [step.element, step]));
  const present = new Map(live.map((step) => [step.element, step]));
  const result: Json[] = [];
  const rest = [...live];
  for (const step of applied) {
    const place = rest.findIndex((other) => other.element === step.element);
    const before = place < 0 ? [] : rest.splice(0, place + 1);
    result.push(...before.filter((other) => !wanted.has(other.element)).map((other) => other.value));
    result.push(mergeApplied(present.get(step.element)?.value, step.value, step.type));
  }
  return [...result, ...rest.filter((other) => !wanted.has(other.element)).map((other) => other.value)];
}

/** The parts of a value that have owners of their own; undefined for what is owned as a whole. */
function stepsOf(value: Json, type: FieldType): Step[] | undefined {
  if (isAtomic(type)) return undefined;
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, child]) => child !== undefined);
    return entries.map(([key, child]) => ({ element: `f:${key}`, value: child, type: fieldOf(type, key) }));
  }
  if (Array.isArray(value) && type.kind === 'list') return value.map((item) => itemStep(item, type));
  return undefined;
}

function itemStep(item: Json, type: ListType): Step {
  if (type.merge.by === 'keys' && isObject(item)) {
    return { element: `k:${JSON.stringify(itemKey(type.merge.keys, item))}`, value: item, type: type.item };
  }
  return { element: `v:${JSON.stringify(item)}`, value: item, type: isObject(item) ? ANY : type.item };
}

function isItem(element: string): boolean {
  return !element.startsWith('f:');
}

function isEmptyMap(value: Json): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
