import { readFileSync, statSync } from 'node:fs';
import { isPlainData, ShipitConfig } from '@shipit/contracts';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { ConfigurationError, type ConfigurationProblem, problemsOf } from './configuration-error.js';
import { logLevels } from './log.js';

const maxConfigBytes = 1024 * 1024;

/** What the environment tells every service. */
export const PlatformEnvironment = z.object({
  SHIPIT_CONFIG: z.string().min(1).default('./shipit.yaml'),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'must be a redis:// or rediss:// address' }),
  LOG_LEVEL: z.enum(logLevels).default('info'),
  /** The address for health, metrics and the API. Containers set 0.0.0.0. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** 0: any free port. */
  PORT: z.coerce.number('must be a port').int().min(0).max(65_535).default(0),
});
export type PlatformEnvironment = z.infer<typeof PlatformEnvironment>;

export interface Configuration<E> {
  config: ShipitConfig;
  environment: PlatformEnvironment & E;
}

export interface ConfigurationRequest<E extends z.ZodObject> {
  /** What this service reads from the environment beyond {@link PlatformEnvironment}. */
  environment: E;
  /** Names of variables that the configuration says hold secrets. */
  secretVariables: (config: ShipitConfig) => readonly string[];
}

/**
 * Reads `shipit.yaml` and the environment.
 * @throws ConfigurationError naming every wrong key of both at once.
 */
export function readConfiguration<E extends z.ZodObject>(
  { environment: ownSchema, secretVariables }: ConfigurationRequest<E>,
  variables: NodeJS.ProcessEnv,
): Configuration<z.infer<E>> {
  // An empty variable counts as absent: that is what compose files and charts leave behind.
  const present = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const problems: ConfigurationProblem[] = [];
  const platform = PlatformEnvironment.safeParse(present);
  const own = ownSchema.safeParse(present);
  for (const { error } of [platform, own]) if (error) problems.push(...problemsOf(error, present, ''));

  const config = readConfigFile(present['SHIPIT_CONFIG'], problems);
  const named = config ? new Set(secretVariables(config)) : [];
  for (const name of named)
    if (present[name] === undefined) problems.push({ key: name, problem: 'must be set: shipit.yaml names it' });

  if (problems.length > 0 || !platform.data || !own.data || !config) throw new ConfigurationError(problems);
  return { config, environment: { ...platform.data, ...own.data } };
}

function readConfigFile(path: string | undefined, problems: ConfigurationProblem[]): ShipitConfig | undefined {
  const file = path ?? './shipit.yaml';
  let text: string;
  try {
    if (statSync(file).size > maxConfigBytes) throw new Error('too large');
    text = readFileSync(file, 'utf8');
  } catch {
    problems.push({ key: 'SHIPIT_CONFIG', problem: 'names no readable file of at most 1 MiB (default ./shipit.yaml)' });
    return undefined;
  }
  const document = parseDocument(text, { prettyErrors: true });
  if (document.errors.length > 0) {
    for (const { code, linePos } of document.errors)
      problems.push({ key: 'shipit.yaml', problem: `is not YAML: ${code} at line ${linePos?.[0].line ?? '?'}` });
    return undefined;
  }
  const input: unknown = document.toJS({ maxAliasCount: 50 });
  if (!isPlainData(input)) {
    problems.push({ key: 'shipit.yaml', problem: 'is nested too deeply or holds a key such as __proto__' });
    return undefined;
  }
  const parsed = ShipitConfig.safeParse(input);
  if (!parsed.success) problems.push(...problemsOf(parsed.error, input, 'shipit.yaml'));
  return parsed.data;
}
