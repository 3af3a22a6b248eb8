/** Undefined where an escape is broken. */
export function unescapePath(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
