import { Schema } from 'yaml';

export type ScalarStyle = 'plain' | 'single' | 'double';

/** The text of a string as a scalar, in the style that stood there, or in double quotes where that would not read as this string. */
export function renderScalar(value: string, style: ScalarStyle): string {
  if (style === 'plain' && isPlainSafe(value)) return value;
  if (style === 'single' && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escape);
}

const schemas = [new Schema({ schema: 'core' }), new Schema({ schema: 'yaml-1.1' })];

/** Whether a plain scalar is a string by the rules of YAML 1.2 and of 1.1: no type of theirs claims its text. */
export function isStringEverywhere(plainText: string): boolean {
  return !schemas.some(({ tags }) =>
    tags.some((tag) => 'test' in tag && tag.default === true && tag.test?.test(plainText) === true),
  );
}

/** Narrower than YAML: no spaces, nothing that means something in a flow collection or in a comment. */
const plain = /^[A-Za-z0-9_/][A-Za-z0-9_./@+:=-]*$/;

/** What some reader takes for something else than a string: Go's, Python's and Ruby's own ideas beside YAML 1.1 and 1.2. */
const notStrings = [
  /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i,
  /^[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]*)?$/,
  /^0(?:x[0-9a-f_]*|o[0-7_]*|b[01_]*)$/i,
  /^[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt].*)?$/,
];

function isPlainSafe(value: string): boolean {
  if (!plain.test(value) || value.endsWith(':')) return false;
  return isStringEverywhere(value) && !notStrings.some((pattern) => pattern.test(value));
}

function isPrintable(value: string): boolean {
  return !/[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(value);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
