import { isObject, type Json, type JsonObject } from '../json.js';
import { fieldOf, type FieldType, type Scalar } from './field-type.js';

export interface FieldProblem {
  path: string;
  problem: 'unknown' | 'type';
  expected?: string;
}

/** The document without the fields that are not declared, and what was wrong with it. Nulls are left out, as Kubernetes reads them. */
export function readFields(document: JsonObject, type: FieldType): { object: JsonObject; problems: FieldProblem[] } {
  const problems: FieldProblem[] = [];
  const object = read(document, type, '', problems);
  return { object: isObject(object) ? object : {}, problems };
}

function read(value: Json, type: FieldType, path: string, problems: FieldProblem[]): Json {
  const expected = mismatch(value, type);
  if (expected !== undefined) {
    problems.push({ path, problem: 'type', expected });
    return value;
  }
  if (Array.isArray(value) && type.kind === 'list')
    return value.map((item, index) => read(item, type.item, `${path}[${index}]`, problems));
  return isObject(value) && type.kind !== 'any' ? readMap(value, type, path, problems) : value;
}

function readMap(value: JsonObject, type: FieldType, path: string, problems: FieldProblem[]): JsonObject {
  const result: JsonObject = {};
  for (const [key, child] of Object.entries(value)) {
    const below = path === '' ? key : `${path}.${key}`;
    const isKnown = type.kind !== 'struct' || type.open || type.fields.has(key);
    if (!isKnown) problems.push({ path: below, problem: 'unknown' });
    else if (child !== null) result[key] = read(child, fieldOf(type, key), below, problems);
  }
  return result;
}

const FITS: Record<Scalar, (value: Json) => boolean> = {
  string: (value) => typeof value === 'string',
  base64: (value) => typeof value === 'string',
  time: (value) => typeof value === 'string',
  integer: (value) => Number.isInteger(value),
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  quantity: (value) => typeof value === 'string' || typeof value === 'number',
  intOrString: (value) => typeof value === 'string' || Number.isInteger(value),
};

/** What should stand here, where something else does. */
function mismatch(value: Json, type: FieldType): string | undefined {
  if (value === null || value === undefined || type.kind === 'any') return undefined;
  if (type.kind === 'scalar') return FITS[type.scalar](value) ? undefined : type.scalar;
  if (type.kind === 'list') return Array.isArray(value) ? undefined : 'list';
  return isObject(value) ? undefined : 'map';
}
