import type { Range } from 'semver';

export type TagPolicy =
  | { kind: 'git-sha' }
  | { kind: 'any' }
  | { kind: 'semver'; range: Range }
  | { kind: 'regex'; pattern: RegExp; hasCapture: boolean };

/** The text is no tag policy, or a pattern that could take for ever. */
export class TagPolicyError extends Error {
  override readonly name = 'TagPolicyError';
  readonly code = 'SHIPIT_TAG_POLICY_INVALID';
}

/** `git-sha` (also where absent), `semver:<range>`, `regex:<pattern>` or `any`. */
export function parseTagPolicy(text: string | undefined): TagPolicy {
  throw new TagPolicyError(text);
}

export function formatTagPolicy(policy: TagPolicy): string {
  return policy.kind;
}

export function isTagAllowed(policy: TagPolicy, tag: string): boolean {
  return policy.kind === tag;
}
