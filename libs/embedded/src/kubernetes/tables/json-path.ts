import { at, isObject, type Json } from '../json.js';

const STEP =
  /\.([A-Za-z0-9_-]+(?:\\\.[A-Za-z0-9_/-]+)*)|\['([^']+)'\]|\[(\d+|\*)\]|\[\?\(@\.([A-Za-z0-9_.-]+)\s*==\s*["']([^"']*)["']\)\]/gy;

/** The simple JSON paths that printer columns use: fields, indexes, `[*]` and `[?(@.type=="Ready")]`. */
export function readPath(value: Json, path: string): Json[] {
  let found = [value];
  let position = 0;
  STEP.lastIndex = 0;
  for (let match = STEP.exec(path); match; match = STEP.exec(path)) {
    position = STEP.lastIndex;
    const [, field, quoted, index, filterField, filterValue] = match;
    if (index !== undefined) found = found.flatMap((item) => pick(item, index));
    else if (filterField !== undefined)
      found = found.flatMap((item) => filter(item, filterField.split('.'), filterValue));
    else
      found = found
        .map((item) => at(item, quoted ?? (field ?? '').replaceAll('\\.', '.')))
        .filter((item) => item !== undefined);
  }
  return position === path.length ? found : [];
}

function pick(value: Json, index: string): Json[] {
  if (index === '*') return Array.isArray(value) ? value : Object.values(isObject(value) ? value : {});
  const item = Array.isArray(value) ? value[Number(index)] : undefined;
  return item === undefined ? [] : [item];
}

function filter(value: Json, field: string[], wanted: string | undefined): Json[] {
  return Array.isArray(value) ? value.filter((item) => String(at(item, ...field)) === wanted) : [];
}
