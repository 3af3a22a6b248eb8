import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { chartOf } from '@shipit/charts/testing';
import { type EmbeddedOciRegistry, startOciRegistry } from '@shipit/embedded';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { registryCredentials } from '../src/charts/registry-credentials.js';
import { run } from './terminal.js';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('a program that keeps credentials for Docker', () => {
  let home: string;
  let warnings: string[];
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'shipit-helpers-'));
    warnings = [];
  });
  afterEach(() => rm(home, { recursive: true }));

  async function put(path: string, content: string): Promise<void> {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), content);
  }

  /** A program in the shell; what it is asked for is noted. */
  async function install(name: string, script: string): Promise<void> {
    const path = `bin/docker-credential-${name}`;
    await put(path, `#!/bin/sh\nread -r server\necho "$1 $server" >> "${home}/asked"\n${script}\n`);
    await chmod(join(home, path), 0o755);
  }

  const environment = (): NodeJS.ProcessEnv => ({
    HOME: home,
    PATH: [join(home, 'bin'), '/usr/bin', '/bin'].join(delimiter),
  });
  const configure = (config: object): Promise<void> => put('.docker/config.json', JSON.stringify(config));
  const asked = async (): Promise<string[]> =>
    (await readFile(join(home, 'asked'), 'utf8').catch(() => '')).split('\n').slice(0, -1);
  const answer = (text: string): string =>
    `echo '${JSON.stringify({ ServerURL: 'x', Username: 'ann', Secret: text })}'`;

  async function find(address: string, kind: 'registry' | 'server' = 'registry'): Promise<string | undefined> {
    const { findCredential } = await registryCredentials(environment(), (text) => warnings.push(text));
    return findCredential(new URL(address), kind);
  }

  it('is asked for its own hosts, another for the others', async () => {
    await configure({ credsStore: 'chain', credHelpers: { 'ghcr.io': 'ours', 'https://index.docker.io/v1/': 'ours' } });
    await install('ours', answer('one'));
    await install('chain', answer('two'));
    expect(await find('https://ghcr.io/team/web')).toBe(basic('ann:one'));
    expect(await find('https://registry.example.com:5000/team/web')).toBe(basic('ann:two'));
    expect(await find('https://registry-1.docker.io/team/web')).toBe(basic('ann:one'));
    expect(await asked()).toEqual(['get ghcr.io', 'get registry.example.com:5000', 'get https://index.docker.io/v1/']);
    expect(warnings).toEqual([]);
  });

  it('is not asked about servers that are no registries, unless somebody logged in there', async () => {
    await configure({ auths: { 'charts.example.com': {} }, credsStore: 'chain' });
    await install('chain', answer('two'));
    expect(await find('https://other.example.com/index.yaml', 'server')).toBeUndefined();
    expect(await find('https://charts.example.com/index.yaml', 'server')).toBe(basic('ann:two'));
    expect(await asked()).toEqual(['get charts.example.com']);
  });

  it('is asked once, and has nothing to say where it knows of nothing', async () => {
    await configure({ credsStore: 'chain' });
    await install('chain', "echo 'credentials not found in native keychain'; exit 1");
    const { findCredential } = await registryCredentials(environment(), (text) => warnings.push(text));
    const address = new URL('https://ghcr.io/team/web');
    expect(await Promise.all([findCredential(address, 'registry'), findCredential(address, 'registry')])).toEqual([
      undefined,
      undefined,
    ]);
    expect(await asked()).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  it.each([
    ['is not there', '', 'docker-credential-chain gives no credentials for ghcr.io: it is not on PATH'],
    ['fails', "echo 'the keychain is locked' >&2; exit 1", 'the keychain is locked'],
    ['ends without a word', 'exit 3', 'it ended with 3'],
    ['answers no JSON', 'echo secret', 'its answer is not {'],
    ['answers without a secret', `echo '{"Username": "secret"}'`, 'its answer is not {'],
    ['answers without end', 'yes secret', 'it wrote more than 65536 bytes'],
    ['keeps a token to exchange', `echo '{"Username": "<token>", "Secret": "secret"}'`, 'which is not supported'],
  ])('that %s is told, and nothing of what it wrote', async (_what, script, reason) => {
    await configure({ credsStore: 'chain' });
    if (script !== '') await install('chain', script);
    expect(await find('https://ghcr.io/team/web')).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining(reason)]);
    expect(warnings[0]).not.toContain('secret');
  });

  it.each(['../../evil', '/bin/evil', 'a b', '-x', '$(evil)'])('is not run under the name %s', async (credsStore) => {
    await configure({ credsStore });
    expect(await find('https://ghcr.io/team/web')).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('its name is none')]);
  });

  describe.each(['basic', 'token'] as const)('for a registry with %s credentials', (handshake) => {
    let registry: EmbeddedOciRegistry;
    beforeEach(async () => {
      registry = await startOciRegistry({ credentials: { username: 'ann', password: 'one', handshake } });
      registry.pushChart('team/web', '1.2.3', (await chartOf({ 'templates/a.yaml': 'a: 1' })).archive);
    });
    afterEach(() => registry.close());

    it('opens it to shipit template', async () => {
      await configure({ credsStore: 'chain' });
      await install('chain', answer('one'));
      const words = `template shop oci://${registry.host}/team/web --plain-http`;
      expect(await run(words, { environment: environment() })).toMatchObject({ code: 0, error: '' });
      await install('chain', answer('wrong'));
      const refused = await run(words, { environment: environment() });
      expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('check the credentials') as string });
      expect(await asked()).toEqual([`get ${registry.host}`, `get ${registry.host}`]);
    });
  });
});
