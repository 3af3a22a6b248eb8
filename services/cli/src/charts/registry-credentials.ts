import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ChartError, type Credential, dockerCredentials } from '@shipit/charts';

/**
 * What `helm registry login` and `docker login` left behind; the former first. Programs that keep credentials are not run.
 * A file that cannot be read is told and passed over: most charts need none.
 */
export async function registryCredentials(
  environment: NodeJS.ProcessEnv,
  warn: (text: string) => void,
): Promise<Credential[]> {
  const files = await Promise.all(placesOf(environment).map((file) => readCredentials(file, warn)));
  return files.flat();
}

function placesOf(environment: NodeJS.ProcessEnv): string[] {
  const home = environment['HOME'] ?? homedir();
  const { HELM_REGISTRY_CONFIG, HELM_CONFIG_HOME, XDG_CONFIG_HOME, DOCKER_CONFIG } = environment;
  const helmFolder = HELM_CONFIG_HOME || join(XDG_CONFIG_HOME || join(home, '.config'), 'helm');
  return [
    HELM_REGISTRY_CONFIG || join(helmFolder, 'registry', 'config.json'),
    join(DOCKER_CONFIG || join(home, '.docker'), 'config.json'),
  ];
}

async function readCredentials(file: string, warn: (text: string) => void): Promise<Credential[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  try {
    return dockerCredentials(Buffer.from(JSON.stringify({ auths: entriesWithSecret(JSON.parse(text)) })));
  } catch (error) {
    if (!(error instanceof ChartError) && !(error instanceof SyntaxError)) throw error;
    warn(`${file} is not used: it is not in the form {"auths": {"host": {"auth": "…"}}}`);
    return [];
  }
}

/** Where a program keeps the credentials, the entry is there and empty. */
function entriesWithSecret(config: unknown): Record<string, unknown> {
  const auths = objectOf(objectOf(config)['auths']);
  return Object.fromEntries(Object.entries(auths).filter(([, entry]) => hasSecret(objectOf(entry))));
}

function hasSecret({ auth, username }: Record<string, unknown>): boolean {
  return Boolean(auth) || Boolean(username);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
