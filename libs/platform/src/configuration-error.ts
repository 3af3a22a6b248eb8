import type { z } from 'zod';

/** One wrong setting: where it stands and what it must be. Never what it is. */
export interface ConfigurationProblem {
  key: string;
  problem: string;
}

/** The configuration cannot be used. Names every wrong key and prints no value. */
export class ConfigurationError extends Error {
  readonly code = 'SHIPIT_CONFIGURATION';

  constructor(readonly problems: readonly ConfigurationProblem[]) {
    super(
      [
        'The configuration is wrong; nothing was started:',
        ...problems.map(({ key, problem }) => `  ${key}: ${problem}`),
      ].join('\n'),
    );
  }
}

/** The issues of a failed parse as problems. A message that repeats the value it complains about has it taken out. */
export function problemsOf(error: z.ZodError, input: unknown, source: string): ConfigurationProblem[] {
  return error.issues.flatMap((issue) => {
    const key = keyOf(source, issue.path);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((name) => ({ key: keyOf(source, [...issue.path, name]), problem: 'is not a known key' }));
    const value = valueAt(input, issue.path);
    if (value === undefined && issue.code === 'invalid_type') return [{ key, problem: 'must be set' }];
    return [{ key, problem: withoutValue(issue.message, value) }];
  });
}

function keyOf(source: string, path: readonly PropertyKey[]): string {
  const text = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  return `${source}${source === '' ? text.replace(/^\./, '') : text.replace(/^\./, ': ')}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, step) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[step] : undefined,
    input,
  );
}

function withoutValue(message: string, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number') return message;
  const text = String(value);
  return text === '' ? message : message.replaceAll(text, '…');
}
