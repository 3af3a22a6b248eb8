import { ApiError, badRequest } from '../api-error.js';
import { isObject, sameJson, textAt, wireCopy, type Json, type JsonObject } from '../json.js';

/** RFC 6902. A failed `test` or an absent path is 422, as the API server answers. */
export function jsonPatch(target: JsonObject, operations: Json): JsonObject {
  if (!Array.isArray(operations)) throw badRequest('json patch must be a list of operations');
  let document: Json = wireCopy(target);
  for (const operation of operations) document = run(document, isObject(operation) ? operation : {});
  return isObject(document) ? document : {};
}

function run(document: Json, operation: JsonObject): Json {
  const path = pointer(textAt(operation, 'path'));
  const value = operation['value'];
  switch (operation['op']) {
    case 'add':
      return edit(document, path, (parent, key) => insert(parent, key, value), value);
    case 'replace':
      return edit(document, path, (parent, key) => (read(parent, [key]), assign(parent, key, value)), value);
    case 'remove':
      return edit(document, path, take, undefined);
    case 'test':
      return test(document, path, value);
    case 'copy':
      return edit(
        document,
        path,
        (parent, key) => insert(parent, key, read(document, pointer(textAt(operation, 'from')))),
        undefined,
      );
    case 'move': {
      const from = pointer(textAt(operation, 'from'));
      const moved = read(document, from);
      return run(edit(document, from, take, undefined), { op: 'add', path: operation['path'], value: moved });
    }
    default:
      throw badRequest(`Unexpected kind: ${String(operation['op'])}`);
  }
}

function test(document: Json, path: string[], value: Json): Json {
  const actual = path.length === 0 ? document : find(document, path);
  if (!sameJson(actual ?? null, value ?? null)) throw failed(`testing value /${path.join('/')} failed`);
  return document;
}

function edit(
  document: Json,
  path: string[],
  change: (parent: Json[] | JsonObject, key: string) => void,
  whole: Json,
): Json {
  const key = path.at(-1);
  if (key === undefined) return whole;
  const copy = wireCopy(document);
  const parent = path.length === 1 ? copy : read(copy, path.slice(0, -1));
  if (!Array.isArray(parent) && !isObject(parent)) throw failed(`path /${path.join('/')} is not in the document`);
  change(parent, key);
  return copy;
}

function insert(parent: Json[] | JsonObject, key: string, value: Json): void {
  if (!Array.isArray(parent)) parent[key] = value;
  else parent.splice(key === '-' ? parent.length : indexIn(parent, key, parent.length), 0, value);
}

function assign(parent: Json[] | JsonObject, key: string, value: Json): void {
  if (Array.isArray(parent)) parent[indexIn(parent, key, parent.length - 1)] = value;
  else parent[key] = value;
}

function take(parent: Json[] | JsonObject, key: string): void {
  if (Array.isArray(parent)) parent.splice(indexIn(parent, key, parent.length - 1), 1);
  else if (Object.hasOwn(parent, key)) delete parent[key];
  else throw failed(`Unable to remove nonexistent key: ${key}: missing value`);
}

function read(document: Json, path: string[]): Json {
  const found = find(document, path);
  if (found === undefined) throw failed(`path /${path.join('/')} is not in the document`);
  return found;
}

function find(document: Json, path: string[]): Json {
  let current = document;
  for (const key of path) {
    if (Array.isArray(current)) current = current[Number(key)];
    else current = isObject(current) && Object.hasOwn(current, key) ? current[key] : undefined;
  }
  return current;
}

function indexIn(list: Json[], key: string, last: number): number {
  const index = Number(key);
  if (!Number.isInteger(index) || index < 0 || index > last)
    throw failed(`index ${key} is outside a list of ${list.length}`);
  return index;
}

function pointer(text: string | undefined): string[] {
  if (text === undefined || text === '') return [];
  const steps = text.split('/').slice(1);
  return steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function failed(message: string): ApiError {
  return new ApiError(422, 'Invalid', `the server rejected our request due to an error in our request: ${message}`);
}
