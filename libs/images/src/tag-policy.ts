import { RE2JS } from 're2js';
import { Range, validRange } from 'semver';
import { SemanticVersion } from './semantic-version.js';

export type TagPolicy =
  | { kind: 'git-sha' }
  | { kind: 'any' }
  | { kind: 'semver'; range: Range }
  | { kind: 'regex'; pattern: RE2JS; hasCapture: boolean };

/** The text is no tag policy. */
export class TagPolicyError extends Error {
  override readonly name = 'TagPolicyError';
  readonly code = 'SHIPIT_TAG_POLICY_INVALID';
}

const tagText = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;
const maxRangeLength = 256;
const maxPatternLength = 200;

/** `git-sha` (also where absent), `semver:<range>`, `regex:<pattern>` or `any`. */
export function parseTagPolicy(text: string | undefined): TagPolicy {
  const trimmed = (text ?? '').trim();
  if (trimmed === '' || trimmed === 'git-sha') return { kind: 'git-sha' };
  if (trimmed === 'any') return { kind: 'any' };
  if (trimmed.startsWith('semver:')) return semverPolicy(trimmed.slice('semver:'.length).trim());
  if (trimmed.startsWith('regex:')) return regexPolicy(trimmed.slice('regex:'.length).trim());
  throw new TagPolicyError('A tag policy is git-sha, semver:<range>, regex:<pattern> or any');
}

export function formatTagPolicy(policy: TagPolicy): string {
  if (policy.kind === 'semver') return `semver:${policy.range.raw}`;
  if (policy.kind === 'regex') return `regex:${policy.pattern.pattern()}`;
  return policy.kind;
}

/** Whether a policy lets a tag be deployed. A text that is no tag is never allowed. */
export function isTagAllowed(policy: TagPolicy, tag: string): boolean {
  if (!tagText.test(tag)) return false;
  switch (policy.kind) {
    case 'git-sha':
      return /^[0-9a-f]{40}$/.test(tag);
    case 'any':
      return true;
    case 'semver':
      return SemanticVersion.read(tag)?.isIn(policy.range) ?? false;
    case 'regex':
      return policy.pattern.matcher(tag).find();
  }
}

function semverPolicy(range: string): TagPolicy {
  if (range === '' || range.length > maxRangeLength || validRange(range) === null)
    throw new TagPolicyError('The range of a semver: tag policy is not understood');
  return { kind: 'semver', range: new Range(range) };
}

/** RE2: its time is linear in the tag, whatever pattern somebody wrote. It knows no look-around and no back-references. */
function regexPolicy(text: string): TagPolicy {
  if (text === '' || text.length > maxPatternLength)
    throw new TagPolicyError(`The pattern of a regex: tag policy has 1 to ${maxPatternLength} characters`);
  const pattern = compile(text);
  if (pattern.groupCount() > 1)
    throw new TagPolicyError('The pattern of a regex: tag policy has more than one capture: use (?:…) for the others');
  return { kind: 'regex', pattern, hasCapture: pattern.groupCount() === 1 };
}

function compile(text: string): RE2JS {
  try {
    return RE2JS.compile(text);
  } catch (error) {
    throw new TagPolicyError('The pattern of a regex: tag policy is not understood (RE2 syntax)', { cause: error });
  }
}
