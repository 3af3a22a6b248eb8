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

function patchField(live: Json, value: Json, { patch, key, type }: { patch: JsonObject; key: string; type: FieldType }): Json {
  if (isObject(value)) return value['$patch'] === 'delete' ? undefined : strategicMergePatch(live, value, type);
  if (!Array.isArray(value) || type.kind !== 'list') return value;
  const order = patch[`$setElementOrder/${key}`];
  const merged = patchList(Array.isArray(live) ? live : [], value, type);
  return Array.isArray(order) ? sortLike(merged, order, type) : merged;
}

function patchList(live: Json[], patch: Json[], type: ListType): Json[] {
  if (type.merge.by === 'whole' || patch.some(isReplace)) return patch.filter((item) => !isReplace(item));
  if (type.merge.by === 'value') return [...live, ...patch.filter((item) => !live.some((other) => sameJson(other, item)))];
  const key = type.merge.keys[0] ?? 'name';
  let result = live;
  for (const item of patch.filter(isObject)) {
    const isSame = (other: Json): boolean => isObject(other) && sameJson(other[key], item[key]);
    if (item['$patch'] === 'delete') result = result.filter((other) => !isSame(other));
    else if (result.some(isSame)) result = result.map((other) => (isSame(other) ? strategicMergePatch(other, item, type.item) : other));
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

function sortLike(list: Json[], order: Json[], type: ListType): Json[] {
  const key = type.merge.by === 'keys' ? (type.merge.keys[0] ?? 'name') : undefined;
  const place = (item: Json): number => {
    const found = order.findIndex((other) => (key === undefined ? sameJson(other, item) : sameJson(at(other, key), at(item, key))));
    return found < 0 ? order.length : found;
  };
  return [...list].sort((left, right) => place(left) - place(right));
}

function withoutDirectives(patch: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(patch).filter(([key]) => !key.startsWith('$')));
}
