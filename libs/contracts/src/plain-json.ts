const forbidden = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * True where a parsed JSON or YAML value is no deeper than `maxDepth` and none of its keys could reach an object's prototype.
 * To be asked of everything that comes from outside, before a schema reads it.
 */
export function isPlainData(value: unknown, maxDepth = 64): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (maxDepth === 0) return false;
  if (Array.isArray(value)) return value.every((item) => isPlainData(item, maxDepth - 1));
  return Object.keys(value).every(
    (key) => !forbidden.has(key) && isPlainData((value as Record<string, unknown>)[key], maxDepth - 1),
  );
}
