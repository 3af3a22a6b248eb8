/** Whether two values of plain data are equal; the order of keys does not count. */
export function isDeepEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isDeepEqual(valueOf(a, key), valueOf(b, key)));
}

function valueOf(object: object, key: string): unknown {
  return (object as Record<string, unknown>)[key];
}
