import { isDeepStrictEqual } from 'node:util';

export type Json = string | number | boolean | null | undefined | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path, undefined where any step is absent. Only own keys count. */
export function at(value: Json, ...path: string[]): Json {
  let current = value;
  for (const key of path) {
    if (!isObject(current) || !Object.hasOwn(current, key)) return undefined;
    current = current[key];
  }
  return current;
}

export function textAt(value: Json, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: Json, ...path: string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function objectAt(value: Json, ...path: string[]): JsonObject {
  const found = at(value, ...path);
  return isObject(found) ? found : {};
}

export function listAt(value: Json, ...path: string[]): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

export function objectsAt(value: Json, ...path: string[]): JsonObject[] {
  return listAt(value, ...path).filter(isObject);
}

export function textsAt(value: Json, ...path: string[]): string[] {
  return listAt(value, ...path).filter((item) => typeof item === 'string');
}

export function sameJson(left: Json, right: Json): boolean {
  return isDeepStrictEqual(left, right);
}

/** A deep copy as it would arrive over the wire: without undefined fields. */
export function wireCopy<T extends Json>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

export function without(object: JsonObject, ...keys: string[]): JsonObject {
  const rest = { ...object };
  for (const key of keys) delete rest[key];
  return rest;
}
