import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryCredentials } from './registry-credentials.js';

const auth = (text: string): string => Buffer.from(text).toString('base64');
const config = (auths: Record<string, object>): string => JSON.stringify({ auths, credsStore: 'desktop' });
const ann = { prefix: 'https://ghcr.io', authorization: `Basic ${auth('ann:secret')}` };
const bob = { prefix: 'https://registry.example.com/team', authorization: `Basic ${auth('bob:other')}` };

describe('credentials at a terminal', () => {
  let home: string;
  let warnings: string[];
  beforeEach(async () => {
    warnings = [];
    home = await mkdtemp(join(tmpdir(), 'shipit-home-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  const open = (environment: NodeJS.ProcessEnv) => registryCredentials(environment, (text) => warnings.push(text));
  const read = async (environment: NodeJS.ProcessEnv) => (await open(environment)).credentials;

  async function put(path: string, content: string): Promise<string> {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), content);
    return join(home, path);
  }

  it('are what helm registry login and docker login left, the former first', async () => {
    await put('.docker/config.json', config({ 'registry.example.com/team': { auth: auth('bob:other') } }));
    await put('.config/helm/registry/config.json', config({ 'ghcr.io': { auth: auth('ann:secret') } }));
    expect(await read({ HOME: home })).toEqual([ann, bob]);
  });

  it('come from the files that the environment names', async () => {
    const file = await put('a.json', config({ 'ghcr.io': { username: 'ann', password: 'secret' } }));
    await put('b/config.json', config({ 'registry.example.com/team': { auth: auth('bob:other') } }));
    const environment = { HOME: '/nowhere', HELM_REGISTRY_CONFIG: file, DOCKER_CONFIG: join(home, 'b') };
    expect(await read(environment)).toEqual([ann, bob]);
  });

  it('are none in files where there is no file, or a program keeps them', async () => {
    expect(await read({ HOME: home })).toEqual([]);
    await put('.docker/config.json', config({ 'ghcr.io': {} }));
    expect(await read({ HOME: home })).toEqual([]);
  });

  it.each(['{', '{"auths": {"ghcr.io": {"auth": "bm90aGluZw=="}}}'])(
    'are not shown, and no reason to fail, where a file cannot be read: %s',
    async (text) => {
      const file = await put('.docker/config.json', text);
      expect(await read({ HOME: home })).toEqual([]);
      expect(warnings).toEqual([`${file} is not used: it is not in the form {"auths": {"host": {"auth": "…"}}}`]);
    },
  );
});
