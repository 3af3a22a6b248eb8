import { isScalar, parseDocument } from 'yaml';

export type ScalarStyle = 'plain' | 'single' | 'double';

/** The text of a string as a scalar, in the style that stood there, or in double quotes where that would not read as this string. */
export function renderScalar(value: string, style: ScalarStyle): string {
  if (style === 'plain' && isPlainSafe(value)) return value;
  if (style === 'single' && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replace(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escape);
}

/** Whether a scalar on its own reads as this very string by the rules of YAML 1.1 and of 1.2. */
export function readsAs(text: string, value: string): boolean {
  return (['1.1', '1.2'] as const).every((version) => {
    const { contents, errors } = parseDocument(text, { version, logLevel: 'silent' });
    return errors.length === 0 && isScalar(contents) && contents.value === value;
  });
}

/** Narrower than YAML: no spaces, nothing that means something in a flow collection or in a comment. */
const plain = /^[A-Za-z0-9_/][A-Za-z0-9_./@+:-]*$/;

/** What some reader takes for something else than a string: YAML 1.1, 1.2, and Go's, Python's and Ruby's own ideas. */
const notStrings = [
  /^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i,
  /^[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9_]*)?$/,
  /^0(?:x[0-9a-f_]*|o[0-7_]*|b[01_]*)$/i,
  /^[0-9][0-9_]*(?::[0-9]{1,2})+(?:\.[0-9_]*)?$/,
  /^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt].*)?$/,
];

function isPlainSafe(value: string): boolean {
  return plain.test(value) && !value.endsWith(':') && !notStrings.some((pattern) => pattern.test(value));
}

function isPrintable(value: string): boolean {
  return !/[^\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u.test(value);
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
