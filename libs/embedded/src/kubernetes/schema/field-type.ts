import type { JsonObject } from '../json.js';

export type Scalar = 'string' | 'integer' | 'number' | 'boolean' | 'quantity' | 'intOrString' | 'base64' | 'time';

export interface ScalarType {
  kind: 'scalar';
  scalar: Scalar;
}
/** Anything: maps merge by key, lists are replaced as a whole. */
export interface AnyType {
  kind: 'any';
}
export interface MapType {
  kind: 'map';
  item: FieldType;
  atomic: boolean;
}
export interface StructType {
  kind: 'struct';
  name: string;
  fields: Map<string, { type: FieldType; required: boolean }>;
  atomic: boolean;
  /** Fields which are not declared are kept. */
  open: boolean;
}
export interface ListType {
  kind: 'list';
  item: FieldType;
  merge: { by: 'whole' } | { by: 'value' } | { by: 'keys'; keys: string[] };
}
export type FieldType = ScalarType | AnyType | MapType | StructType | ListType;

export const ANY: AnyType = { kind: 'any' };

/** What the API server fills into a key of a list item that leaves it out. */
const KEY_DEFAULTS: Record<string, string> = { protocol: 'TCP' };

export function fieldOf(type: FieldType, key: string): FieldType {
  if (type.kind === 'map') return type.item;
  if (type.kind === 'struct') return type.fields.get(key)?.type ?? ANY;
  return ANY;
}

export function isAtomic(type: FieldType): boolean {
  if (type.kind === 'map' || type.kind === 'struct') return type.atomic;
  return type.kind === 'scalar' || (type.kind === 'list' && type.merge.by === 'whole');
}

/** The keys of one item of a list merged by keys, sorted as the API server writes them. */
export function itemKey(keys: string[], item: JsonObject): JsonObject {
  const entries = [...keys].sort().map((key) => [key, item[key] ?? KEY_DEFAULTS[key]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}
