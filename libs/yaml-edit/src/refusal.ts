/** Keys and indexes from the root of a document to a node. */
export type YamlPath = readonly (string | number)[];

/** One-based; columns in UTF-16 units. */
export interface Position {
  line: number;
  column: number;
}

/** `syntax`: the file as a whole cannot be read. `limits`: too big, deep or full of aliases. The rest name one place. */
export type RefusalKind =
  | 'syntax'
  | 'limits'
  | 'template'
  | 'not found'
  | 'not a scalar'
  | 'block scalar'
  | 'anchor'
  | 'alias'
  | 'merge key'
  | 'substitution'
  | 'tag'
  | 'layout'
  | 'proof';

/** Why something was left as it is, in a sentence for people, and where. */
export interface Refusal extends Position {
  kind: RefusalKind;
  reason: string;
  document?: number;
  path?: YamlPath;
}

export interface ScalarChange extends Position {
  document: number;
  path: YamlPath;
  from: string;
  to: string;
}

/** All or nothing: with one refusal the text is not changed. */
export type EditResult =
  { ok: true; text: string; changes: ScalarChange[] } | { ok: false; refusals: [Refusal, ...Refusal[]] };
