import { at, isObject, sameJson, textsAt, type Json, type JsonObject } from '../json.js';
import { fieldOf, type FieldType, type ListType } from '../schema/field-type.js';

/** Kubernetes' own patch for built-in kinds: lists that have a key are merged item by item, with `$patch` directives. */
export function strategicMergePatch(target: Json, patch: JsonObject, type: FieldType): JsonObject {
  const result: JsonObject = isObject(target) ? { ...target } : {};
  if (patch['$patch'] === 'replace') return withoutDirectives(patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$')) continue;
    if (value === null) delete result[key];
    else result[key] = patchField(result[key], value, { patch, key, type: fieldOf(type, key) });
  }
  for (const [key, value] of Object.entries(patch)) dropPrimitives(result, key, value);
  return retainKeys(result, patch);
}

function patchField(
  live: Json,
  value: Json,
  { patch, key, type }: { patch: JsonObject; key: string; type: FieldType },
): Json {
  if (isObject(value)) return value['$patch'] === 'delete' ? undefined : strategicMergePatch(live, value, type);
  if (!Array.isArray(value) || type.kind !== 'list') return value;
  const before = Array.isArray(live) ? live : [];
  const merged = patchList(before, value, type);
  if (type.merge.by === 'whole' || value.some(isReplace)) return merged;
  const order = patch[`$setElementOrder/${key}`];
  return arrange(merged, { order: Array.isArray(order) ? order : value, live: before, type });
}

function patchList(live: Json[], patch: Json[], type: ListType): Json[] {
  if (type.merge.by === 'whole' || patch.some(isReplace)) return patch.filter((item) => !isReplace(item));
  if (type.merge.by === 'value')
    return [...live, ...patch.filter((item) => !live.some((other) => sameJson(other, item)))];
  let result = live;
  for (const item of patch.filter(isObject)) {
    const isSame = (other: Json): boolean => isSameItem(other, item, type);
    if (item['$patch'] === 'delete') result = result.filter((other) => !isSame(other));
    else if (result.some(isSame))
      result = result.map((other) => (isSame(other) ? strategicMergePatch(other, item, type.item) : other));
    else result = [...result, withoutDirectives(item)];
  }
  return result;
}

function isReplace(item: Json): boolean {
  return isObject(item) && item['$patch'] === 'replace' && Object.keys(item).length === 1;
}

/** `$deleteFromPrimitiveList/finalizers: [a]`. */
function dropPrimitives(result: JsonObject, directive: string, gone: Json): void {
  if (!directive.startsWith('$deleteFromPrimitiveList/') || !Array.isArray(gone)) return;
  const key = directive.slice('$deleteFromPrimitiveList/'.length);
  const live = result[key];
  if (Array.isArray(live)) result[key] = live.filter((item) => !gone.some((other) => sameJson(other, item)));
}

function retainKeys(result: JsonObject, patch: JsonObject): JsonObject {
  if (!('$retainKeys' in patch)) return result;
  const kept = textsAt(patch, '$retainKeys');
  return Object.fromEntries(Object.entries(result).filter(([key]) => kept.includes(key)));
}

/** Items of the patch in its order, all others where they stood before them. */
function arrange(merged: Json[], { order, live, type }: { order: Json[]; live: Json[]; type: ListType }): Json[] {
  const place = (list: Json[], item: Json): number => list.findIndex((other) => isSameItem(other, item, type));
  const rest = merged.filter((item) => place(order, item) < 0);
  const patched = merged
    .filter((item) => place(order, item) >= 0)
    .sort((left, right) => place(order, left) - place(order, right));
  const result: Json[] = [];
  for (const item of patched) {
    const at = place(live, item);
    while (at >= 0 && rest.length > 0 && place(live, rest[0]) < at) result.push(rest.shift());
    result.push(item);
  }
  return [...result, ...rest];
}

function isSameItem(left: Json, right: Json, type: ListType): boolean {
  if (type.merge.by !== 'keys') return sameJson(left, right);
  const key = type.merge.keys[0] ?? 'name';
  return sameJson(at(left, key), at(right, key));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}
