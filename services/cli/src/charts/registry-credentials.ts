import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ChartError, type Credential, dockerCredentials, dockerHub, type FindCredential } from '@shipit/charts';
import { askHelper, type HelperAnswer } from './credential-helper.js';

export interface RegistryCredentials {
  /** Those that stand in files. */
  credentials: Credential[];
  /** Asks the programs that keep the others. */
  findCredential: FindCredential;
}

/**
 * What `helm registry login` and `docker login` left behind; the former first. A file that cannot be read, and a program
 * that does not answer, is told and passed over: most charts need none.
 */
export async function registryCredentials(
  environment: NodeJS.ProcessEnv,
  warn: (text: string) => void,
): Promise<RegistryCredentials> {
  const configs = (await Promise.all(placesOf(environment).map((file) => readConfig(file, warn)))).flat();
  const answers = new Map<string, Promise<HelperAnswer>>();
  const ask = async (helper: string, host: string): Promise<string | undefined> => {
    const key = `${helper} ${host}`;
    const isFirst = !answers.has(key);
    const server = host === dockerHub.host ? dockerHub.login : host;
    const asked = answers.get(key) ?? askHelper({ helper, server, environment });
    answers.set(key, asked);
    const answer = await asked;
    if ('authorization' in answer) return answer.authorization;
    if (isFirst) warn(`docker-credential-${helper} gives no credentials for ${server}: ${answer.problem}`);
    return undefined;
  };
  return {
    credentials: configs.flatMap(({ credentials }) => credentials),
    findCredential: async ({ host }, kind) => {
      for (const config of configs) {
        const helper = helperFor(config, host, kind);
        const found = helper === undefined ? undefined : await ask(helper, host);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
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

interface RegistryConfig {
  credentials: Credential[];
  /** Programs by the host they are for. */
  helpers: ReadonlyMap<string, string>;
  /** The program for all other hosts. */
  store: string | undefined;
  /** Hosts that somebody logged in to. */
  hosts: ReadonlySet<string>;
}

async function readConfig(file: string, warn: (text: string) => void): Promise<RegistryConfig[]> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  try {
    const config = objectOf(JSON.parse(text));
    const auths = objectOf(config['auths']);
    const helpers = Object.entries(objectOf(config['credHelpers'])).map(([address, name]) => [hostOf(address), name]);
    const store = config['credsStore'];
    return [
      {
        credentials: dockerCredentials(Buffer.from(JSON.stringify({ auths: entriesWithSecret(auths) }))),
        helpers: new Map(helpers.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
        store: typeof store === 'string' && store !== '' ? store : undefined,
        hosts: new Set(Object.keys(auths).map(hostOf)),
      },
    ];
  } catch (error) {
    if (!(error instanceof ChartError) && !(error instanceof SyntaxError)) throw error;
    warn(`${file} is not used: it is not in the form {"auths": {"host": {"auth": "…"}}}`);
    return [];
  }
}

/** A store is asked for every registry, as by Docker; for other servers, most of which want nothing, where somebody logged in. */
function helperFor({ helpers, store, hosts }: RegistryConfig, host: string, kind: 'registry' | 'server') {
  return helpers.get(host) ?? (kind === 'registry' || hosts.has(host) ? store : undefined);
}

function hostOf(address: string): string {
  const host = address.replace(/^[a-z]+:\/\//, '').split('/', 1)[0] ?? '';
  return dockerHub.names.includes(host) ? dockerHub.host : host;
}

/** Where a program keeps the credentials, the entry is there and empty. */
function entriesWithSecret(auths: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(auths).filter(([, entry]) => hasSecret(objectOf(entry))));
}

function hasSecret({ auth, username }: Record<string, unknown>): boolean {
  return Boolean(auth) || Boolean(username);
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
